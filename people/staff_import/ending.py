"""A file that was cut short looks like one where most people have left, and one whose columns were
shifted like one where everybody is renamed; this tells them apart."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.numbers import number
from people.models import Leadership, Position, Unit, User
from people.staff_import.changes import ChangeKind, Changes
from people.staff_import.faults import UnexpectedlyManyEnded

FEW = 25
"""So many may always end: in a small organisation a tenth is one good-bye."""
SHARE = 10
"""One in so many may end in one night; a reorganisation says that it is one."""


class Before:
    """What there was on the day, before the run."""

    def __init__(self, on: dt.date) -> None:
        self._open = {
            ChangeKind.UNIT_ENDED: Unit.objects.valid_on(on).count(),
            ChangeKind.POSITION_ENDED: Position.objects.valid_on(on).count(),
            ChangeKind.LEADERSHIP_ENDED: Leadership.objects.valid_on(on).count(),
            ChangeKind.PERSON_CHANGED: User.objects.filter(hr_id__isnull=False).count(),
        }

    def refuse_many_ended(self, changes: Changes) -> None:
        """Raises UnexpectedlyManyEnded when more than a tenth of a kind end, or are renamed."""
        ended = changes.counts()
        for kind, before in self._open.items():
            count = ended.get(kind.value, 0)
            if count > max(FEW, before // SHARE):
                raise UnexpectedlyManyEnded(_many(kind, count, before))


def _many(kind: ChangeKind, count: int, before: int) -> str:
    numbers = {"count": number(count), "before": number(before)}
    sentences = {
        ChangeKind.UNIT_ENDED: _("%(count)s av %(before)s enheter ville blitt avsluttet."),
        ChangeKind.POSITION_ENDED: _("%(count)s av %(before)s stillinger ville blitt avsluttet."),
        ChangeKind.LEADERSHIP_ENDED: _(
            "%(count)s av %(before)s lederforhold ville blitt avsluttet."
        ),
        ChangeKind.PERSON_CHANGED: _(
            "%(count)s av %(before)s personer ville fått nytt navn eller adresse."
        ),
    }
    return sentences[kind] % numbers
