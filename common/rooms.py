"""What each room adds to the portal: menu, «Min side», own data, privacy, trail, letters, schedule.

A room says it in its `room.py`, which is read when the portal starts. The portal goes through the
rooms and knows none of them by name, so that a new one changes nothing but INSTALLED_APPS.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from common.duties import Duty
from common.my_page import PartMaker, ShortQuestions
from common.own_data import Section
from common.packed_rows import PackedFields
from common.sending_times import SendingTime
from common.team import TeamColumn


def for_everybody(affiliation: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """A page that the header leads to."""

    text: str | Promise
    url_name: str
    place: int
    """Entries stand in the order of their places."""
    leads_somewhere: Callable[[Any], bool] = for_everybody
    """Asked of a person's affiliation (people.affiliation): the page holds something for them."""
    is_personal: bool = False
    """Stands in the menu with the person's name."""


@dataclass(frozen=True, kw_only=True)
class EntrustedTask:
    """What a room lets some people do, by rows of its own and not by a role on a unit.

    Who has it is asked together with who somebody is, on every request.
    """

    name: str
    """With the room's before it: «seminars.co_organiser»."""
    is_held: Callable[[Any, Any], Any]
    """Of a person and a day, places in a query both: an `Exists`."""
    needs_second_factor: bool

    @property
    def annotation(self) -> str:
        return f"holds_{self.name.replace('.', '_')}"


ONESELF = "oneself"
"""Whoever it is about takes it away themselves."""
KEPT = "kept"
"""The sentence says that it is never taken away."""


@dataclass(frozen=True)
class PersonalDataRecord:
    """One kind of personal data, as the person it is about should know it."""

    what: Promise
    why: Promise
    who: Promise
    how_long: Promise
    ended_by: tuple[str, ...]
    """What keeps the promise of `how_long`: names of duties and commands, ONESELF or KEPT."""


@dataclass(frozen=True)
class PersonField:
    """A field that refers to people, by its label («seminars.Registration.user»)."""

    label: str
    where: Mapping[str, Any] = field(default_factory=dict)
    """Of which rows it is said; all of them if left out."""


@dataclass(frozen=True, kw_only=True)
class UnitStep:
    """What waits for one person in one unit, on a page about the unit that a lower room has."""

    unit_id: int
    title: str
    """Names the unit, for where it stands alone."""
    title_in_unit: str
    """For where the unit's name stands above it."""
    text: str
    url: str
    label: str
    is_for_members: bool
    """Asked of whoever works in the unit; otherwise of whoever answers for it."""


@dataclass(frozen=True)
class HeldData:
    """One kind of personal data about a seminar's people: how much there is, and until when."""

    what: str
    who_sees: str
    count: int
    goes_at: dt.datetime | None
    """None for what no task erases: it is then the agency's own archive plan that decides."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What one room contributes; everything but its app's label may be left out."""

    app: str
    letters: Promise | None = None
    """What its letters are called for whoever may not read them."""
    letter_prefix: str = ""
    """The first part of its letters' kinds, where that is not the app's label."""
    sending_times: Mapping[str, tuple[SendingTime, str]] = field(default_factory=dict)
    """When its letters go out and why, by their kind; «account.*» is said of all of account's."""
    menu: tuple[MenuEntry, ...] = ()
    records: tuple[PersonalDataRecord, ...] = ()
    silence: tuple[Promise, ...] = ()
    """What becomes of it when somebody does not answer, a sentence each, for «Personvern»."""
    needs_person: tuple[PersonField, ...] = ()
    """People to whom one of these refers are not erased when they have left."""
    goes_with_person: tuple[str, ...] = ()
    """Fields of the rows that are deleted when the person they refer to is erased."""
    entrusted: tuple[EntrustedTask, ...] = ()
    own_data: Callable[[Any, dt.date], list[Section]] | None = None
    """What it holds about one person that they may see on a day."""
    unit_steps: Callable[[Any, dt.date], list[UnitStep]] | None = None
    """What waits for a person on a day, in the units they work in or answer for."""
    with_unit_step: Callable[[Any, Any, dt.date], Any] | None = None
    """Adds to a queryset of units what `unit_step` reads: no query of its own."""
    unit_step_fields: PackedFields = field(default_factory=dict)
    """What `with_unit_step` adds, by name."""
    unit_step: Callable[[Any], UnitStep | None] | None = None
    """What waits for the person as one who works in such a unit."""
    held_of_seminar: Callable[[Any], list[HeldData]] | None = None
    """What it holds about the people of one seminar, for the page of its personal data."""
    my_page: PartMaker | None = None
    """Its next steps and cards on «Min side»."""
    team: TeamColumn | None = None
    """Its column on «Mine medarbeidere»."""
    short_questions: ShortQuestions | None = None
    """What its part of «Min side» asks first, together with every other room."""
    actions: Mapping[str, Promise] = field(default_factory=dict)
    """The audit trail's actions in words."""
    things: Mapping[str, Promise] = field(default_factory=dict)
    """What the actions are done to, by the model's label in small letters."""
    duties: tuple[Duty, ...] = ()
    """What beat starts of its tasks."""


_ROOMS: dict[str, Room] = {}


def register(room: Room) -> None:
    """Add a room, or replace what the same app has said before."""
    _ROOMS[room.app] = room


def rooms() -> list[Room]:
    """Return every room in the order of INSTALLED_APPS."""
    places = {app: place for place, app in enumerate(settings.INSTALLED_APPS)}
    return sorted(_ROOMS.values(), key=lambda room: places.get(room.app, len(places)))


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Return the duties of every room as Celery's beat reads them."""
    duties = [duty for room in rooms() for duty in room.duties]
    return {duty.name: {"task": duty.task, "schedule": duty.when} for duty in duties}


def menu_entries(*, is_personal: bool) -> list[MenuEntry]:
    """Return the entries of one of the header's two menus, in their order."""
    entries = [entry for room in rooms() for entry in room.menu]
    return sorted(
        (entry for entry in entries if entry.is_personal == is_personal),
        key=lambda entry: entry.place,
    )


def entrusted_tasks() -> list[EntrustedTask]:
    """Return what every room entrusts to people, beside the roles on units."""
    return [task for room in rooms() for task in room.entrusted]


def team_columns() -> list[TeamColumn]:
    """Return what every room tells a leader of their people, in order."""
    columns = [room.team for room in rooms() if room.team]
    return sorted(columns, key=lambda column: column.place)


def unit_steps(user: Any, today: dt.date) -> list[UnitStep]:
    """Return what every room has waiting for a person in their units."""
    return [step for room in rooms() if room.unit_steps for step in room.unit_steps(user, today)]


def with_unit_step(units: Any, user: Any, today: dt.date) -> Any:
    """Return a queryset of units with what `unit_step_of` reads of each."""
    for room in rooms():
        if room.with_unit_step:
            units = room.with_unit_step(units, user, today)
    return units


def unit_step_fields() -> PackedFields:
    """Return what all rooms add in `with_unit_step`."""
    return {name: one for room in rooms() for name, one in room.unit_step_fields.items()}


def unit_step_of(unit: Any) -> UnitStep | None:
    """Return what waits in a unit that comes from `with_unit_step`, of the first room with any."""
    steps = (room.unit_step(unit) for room in rooms() if room.unit_step)
    return next((step for step in steps if step), None)


def held_of_seminar(seminar: Any) -> list[HeldData]:
    """Return what the other rooms hold about the people of one seminar."""
    found = [room.held_of_seminar(seminar) for room in rooms() if room.held_of_seminar]
    return [one for held in found for one in held]


def letters_of(kind: str) -> Promise | None:
    """Return what letters of a kind («seminars.confirmed») are called, by their room."""
    prefix = kind.partition(".")[0]
    return next(
        (room.letters for room in rooms() if prefix == (room.letter_prefix or room.app)), None
    )


def sending_times() -> dict[str, tuple[SendingTime, str]]:
    """Return when letters of every kind go out, and why."""
    return {kind: row for room in rooms() for kind, row in room.sending_times.items()}


def sending_time_of(kind: str) -> SendingTime:
    """Return when letters of a kind go out: at once where no room has said it."""
    table = sending_times()
    of_all = f"{kind.partition('.')[0]}.*"
    time, _why = table.get(kind) or table.get(of_all) or (SendingTime.AT_ONCE, "")
    return time
