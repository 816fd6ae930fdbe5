"""What an import did, by kind, in words for whoever runs it and in counts for the trail."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ChangeKind(Enum):
    UNIT_ADDED = "units_added"
    UNIT_CHANGED = "units_changed"
    UNIT_MOVED = "units_moved"
    UNIT_ENDED = "units_ended"
    UNIT_REOPENED = "units_reopened"
    PERSON_ADDED = "people_added"
    PERSON_CHANGED = "people_changed"
    PERSON_CALLED_OFF = "people_called_off"
    EMAIL_REMOVED = "emails_removed"
    EMAIL_RELEASED = "emails_released"
    POSITION_STARTED = "positions_started"
    POSITION_CHANGED = "positions_changed"
    POSITION_ENDED = "positions_ended"
    LEADERSHIP_STARTED = "leaderships_started"
    LEADERSHIP_CHANGED = "leaderships_changed"
    LEADERSHIP_ENDED = "leaderships_ended"
    ROLE_ENDED = "roles_ended"


LABELS: dict[ChangeKind, Promise] = {
    ChangeKind.UNIT_ADDED: _("Nye enheter"),
    ChangeKind.UNIT_CHANGED: _("Endrede enheter"),
    ChangeKind.UNIT_MOVED: _("Flyttede enheter"),
    ChangeKind.UNIT_ENDED: _("Avsluttede enheter"),
    ChangeKind.UNIT_REOPENED: _("Gjenåpnede enheter"),
    ChangeKind.PERSON_ADDED: _("Nye personer"),
    ChangeKind.PERSON_CHANGED: _("Endrede personer"),
    ChangeKind.PERSON_CALLED_OFF: _("Personer som likevel ikke begynner"),
    ChangeKind.EMAIL_REMOVED: _("Personer som ikke har e-postadresse lenger"),
    ChangeKind.EMAIL_RELEASED: _("Frigitte e-postadresser"),
    ChangeKind.POSITION_STARTED: _("Nye stillinger"),
    ChangeKind.POSITION_CHANGED: _("Endrede stillinger"),
    ChangeKind.POSITION_ENDED: _("Avsluttede stillinger"),
    ChangeKind.LEADERSHIP_STARTED: _("Nye ledere"),
    ChangeKind.LEADERSHIP_CHANGED: _("Endrede lederforhold"),
    ChangeKind.LEADERSHIP_ENDED: _("Avsluttede lederforhold"),
    ChangeKind.ROLE_ENDED: _("Avsluttede roller"),
}


class JudgedKind(Enum):
    """What is unlikely in large numbers; the value is what it is accepted by."""

    PEOPLE_ADDED = "people_added"
    PEOPLE_ENDED = "people_ended"
    PEOPLE_RENAMED = "people_renamed"
    PEOPLE_LOOK_ALIKE = "people_look_alike"
    ADDRESSES_CHANGED = "addresses_changed"
    ADDRESSES_REMOVED = "addresses_removed"
    ADDRESSES_MOVED = "addresses_moved"
    POSITIONS_ENDED = "positions_ended"
    FIRST_DAYS_CHANGED = "first_days_changed"
    LEADERS_ENDED = "leaders_ended"
    LEADERS_REPLACED = "leaders_replaced"
    UNITS_MOVED = "units_moved"
    UNITS_RENAMED = "units_renamed"
    UNITS_ENDED = "units_ended"
    LEVELS_CHANGED = "levels_changed"
    TOP_UNITS_ADDED = "top_units_added"


class Changes:
    def __init__(self) -> None:
        self._listed: dict[ChangeKind, list[str]] = defaultdict(list)
        self._judged: dict[JudgedKind, set[str]] = defaultdict(set)

    def note(self, kind: ChangeKind, what: str) -> None:
        self._listed[kind].append(what)

    def judge(self, kind: JudgedKind, what: str) -> None:
        """Count it by what it is known by, HR's ids, and by what it becomes: who agrees to other
        names agrees to these. What never came and is called off is none."""
        self._judged[kind].add(what)

    def judged(self) -> list[tuple[JudgedKind, set[str]]]:
        return [(kind, self._judged[kind]) for kind in JudgedKind if self._judged[kind]]

    def listed(self) -> list[tuple[ChangeKind, list[str]]]:
        """In the order of the kinds; only those of which there is something."""
        return [(kind, self._listed[kind]) for kind in ChangeKind if self._listed[kind]]

    def counts(self) -> dict[str, int]:
        return {kind.value: len(texts) for kind, texts in self.listed()}

    def __bool__(self) -> bool:
        return bool(self.counts())
