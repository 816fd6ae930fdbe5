"""What the list of participants shows of each: what is alike in many rows is made once a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags.components import tag
from seminars.messages.recipients import STATES_WRITTEN_TO
from seminars.models import Registration, Seminar
from seminars.registration_window import closed_to_all, closed_to_leaving
from seminars.rules import may_choose_for_others

_ANY_KEY = 9_007_199_254_740_991
"""Stands for a row's key in an address that is taken apart around it."""

Address = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A person in the list; an address is empty where there is nothing to do."""

    registration: Registration
    name: str
    email: str
    """Or that they have none."""
    agency: str
    unit: str
    """Empty where it is the agency itself."""
    state_tag: SafeString
    may_be_written_to: bool = False
    """And ticked for a letter to some alone."""
    choose_url: str = ""
    substitute_url: str = ""
    remove_url: str = ""
    restore_url: str = ""


@dataclass(frozen=True, slots=True)
class RowActions:
    """What the organiser may do with people at this moment, as the actions' own rules say."""

    remove: bool
    """And let another come instead."""
    choose: bool
    restore: bool

    @classmethod
    def at(cls, seminar: Seminar, now: dt.datetime) -> RowActions:
        return cls(
            remove=seminar.is_published and closed_to_leaving(seminar, now) is None,
            choose=seminar.has_choices and may_choose_for_others(seminar, now),
            restore=closed_to_all(seminar, now) is None,
        )

    def __bool__(self) -> bool:
        return self.remove or self.choose or self.restore


def participant_rows(
    registrations: Iterable[Registration], seminar: Seminar, may: RowActions
) -> list[ParticipantRow]:
    """Return the rows of registrations read `with_people`."""
    tags: dict[str, SafeString] = {}
    choose, substitute, remove, restore = (
        _address_of(f"seminars:{name}", seminar)
        for name in ("choose_for", "substitute", "remove_participant", "restore_declined")
    )
    rows = []
    again = _registered_again(registrations, seminar) if may.restore else set()
    for one in registrations:
        if one.state not in tags:
            tags[one.state] = _state_tag(one)
        may_restore = may.restore and one.is_declined and one.pk not in again
        rows.append(
            ParticipantRow(
                registration=one,
                name=one.user.name,
                email=one.user.email or _("ingen e-postadresse"),
                agency=one.agency.name if one.agency else "–",
                unit=one.unit.name if one.unit and one.unit_id != one.agency_id else "",
                state_tag=tags[one.state],
                may_be_written_to=one.state in STATES_WRITTEN_TO and not seminar.is_draft,
                choose_url=choose(one.pk) if may.choose and one.is_active else "",
                substitute_url=substitute(one.pk) if may.remove and one.has_seat else "",
                remove_url=remove(one.pk) if may.remove and one.is_active else "",
                restore_url=restore(one.pk) if may_restore else "",
            )
        )
    return rows


def _registered_again(registrations: Iterable[Registration], seminar: Seminar) -> set[int]:
    """Of those on the page whom a line manager refused, who has registered or withdrawn since."""
    declined = [one.pk for one in registrations if one.is_declined]
    if not declined:
        return set()
    later = seminar.registrations.filter(user=OuterRef("user"), pk__gt=OuterRef("pk"))
    rows = seminar.registrations.filter(pk__in=declined).filter(Exists(later))
    return set(rows.values_list("pk", flat=True))


def _state_tag(registration: Registration) -> SafeString:
    skin = "green" if registration.has_seat else "yellow" if registration.is_active else "gray"
    drawn = tag(registration.get_state_display(), skin=skin)
    return render_to_string("components/tag.html", drawn)


def _address_of(url_name: str, seminar: Seminar) -> Address:
    before, _key, after = reverse(url_name, args=[seminar.pk, _ANY_KEY]).rpartition(str(_ANY_KEY))
    return lambda pk: f"{before}{pk}{after}"
