"""Seminars in every state there is, with somebody in every state of registration in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from attendance.models import Attendance
from seminars.models import Invitation, Seminar, SeminarState
from seminars.urls import urlpatterns
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import (
    choose,
    make_choice,
    make_registration,
    make_seminar,
    make_seminar_role,
)

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def make_states(cast: Cast) -> dict[str, Seminar]:
    """Return one seminar of each name; who is in it stands in `_with_people`."""
    made = {name: make(cast, name) for name, make in _states().items()}
    host = make_employee(cast.sibling_unit, "host")
    for seminar in made.values():
        make_seminar_role(seminar, host, "host")
        seminar.refresh_from_db()
    return made


def _plain(**fields: Any) -> Callable[[Cast, str], Seminar]:
    """With people in it, unless told otherwise."""

    def make(cast: Cast, name: str) -> Seminar:
        given = dict(fields)
        is_everybody = given.pop("is_everybody", False)
        has_people = given.pop("has_people", True)
        seminar = _seminar(cast, name, **given)
        if has_people:
            return _with_people(cast, seminar, is_everybody=is_everybody)
        return _with_desk(cast, seminar)

    return make


def _seminar(
    cast: Cast, name: str, *, starts_in: dt.timedelta = 21 * DAY, **fields: Any
) -> Seminar:
    """A field that is a length of time is so long from now."""
    now = timezone.now()
    given = {
        key: now + value if isinstance(value, dt.timedelta) else value
        for key, value in fields.items()
    }
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title=name,
        starts_at=now + starts_in,
        **given,
    )


def _with_desk(cast: Cast, seminar: Seminar) -> Seminar:
    """What the organiser has set up: questions, an audience and seats of two agencies."""
    first = seminar.questions.create(
        text="Trenger du hotell?", kind="one", options=["Ja", "Nei"], position=1
    )
    seminar.questions.create(
        text="Hvilket hotell?", kind="text", shown_if=first, shown_if_option="Ja", position=2
    )
    seminar.questions.create(text="Noe mer?", kind="text", position=3)
    seminar.audiences.create(kind="everyone")
    seminar.seat_pools.create(agency=cast.agency, seats=2)
    seminar.seat_pools.create(agency=cast.other_agency, seats=1, released_at=timezone.now() - DAY)
    return seminar


STATES_OF_PEOPLE = (
    "registered",
    "waitlisted",
    "offered",
    "awaiting",
    "withdrawn",
    "removed",
    "expired",
    "declined",
)


def _with_people(cast: Cast, seminar: Seminar, *, is_everybody: bool) -> Seminar:
    """The leader and the employee have a seat; their people stand in these states."""
    _with_desk(cast, seminar)
    place = {"unit": cast.unit, "agency": cast.agency}
    for one in (cast.leader, cast.employee):
        make_registration(seminar, one, **place)
    asked = {"approver": cast.leader}
    for state in STATES_OF_PEOPLE if is_everybody else STATES_OF_PEOPLE[:2]:
        fields = asked if state in ("awaiting", "declined") else {}
        make_registration(seminar, make_employee(cast.unit, state), state=state, **place, **fields)
    if is_everybody:
        late, again = (make_employee(cast.unit, name) for name in ("late", "again"))
        late_at = {"expires_at": timezone.now() - HOUR}
        make_registration(seminar, late, state="awaiting", **place, **asked, **late_at)
        make_registration(seminar, again, state="declined", **place, **asked)
        make_registration(seminar, again, **place)
    Invitation.objects.create(
        seminar=seminar, user=cast.manager, unit=cast.department, agency=cast.agency
    )
    if seminar.has_started(timezone.now()) and seminar.is_published:
        for one, outcome in zip(seminar.registrations.holding_seat(), MARKS, strict=False):
            Attendance.objects.create(registration=one, outcome=outcome, marked_by=cast.organiser)
    return seminar


MARKS = ("attended", "no_show", "excused")


def _own(own: str, **fields: Any) -> Callable[[Cast, str], Seminar]:
    """Where leader and employee themselves are in this state, and everything is full or not."""

    def make(cast: Cast, name: str) -> Seminar:
        given = dict(fields)
        expires_in = given.pop("expires_in", None)
        seminar = _seminar(cast, name, **given)
        more: dict[str, Any] = (
            {} if expires_in is None else {"expires_at": timezone.now() + expires_in}
        )
        more |= {"approver": cast.manager} if own in ("awaiting", "declined") else {}
        for one in (cast.leader, cast.employee):
            make_registration(seminar, one, state=own, unit=cast.unit, agency=cast.agency, **more)
        return seminar

    return make


def _full(waiting: int) -> Callable[[Cast, str], Seminar]:
    def make(cast: Cast, name: str) -> Seminar:
        seminar = _seminar(cast, name, capacity=2)
        for state in ["registered"] * 2 + ["waitlisted"] * waiting:
            person = make_employee(cast.sibling_unit, state)
            make_registration(seminar, person, state=state, agency=cast.agency)
        return seminar

    return make


def _to_choose_in(**fields: Any) -> Callable[[Cast, str], Seminar]:
    def make(cast: Cast, name: str) -> Seminar:
        seminar = _plain(has_people=False, **fields)(cast, name)
        here, _there = make_choice(seminar, 20, 20)
        for one in (cast.leader, cast.employee):
            choose(make_registration(seminar, one, unit=cast.unit, agency=cast.agency), here)
        return seminar

    return make


def _of_days(starts_in: dt.timedelta) -> Callable[[Cast, str], Seminar]:
    """Three days, the night between two of them being now where it began yesterday."""

    def make(cast: Cast, name: str) -> Seminar:
        seminar = _plain(starts_in=starts_in, hours=3)(cast, name)
        for number in (1, 2):
            begins = seminar.starts_at + number * 2 * DAY
            seminar.sessions.create(starts_at=begins, ends_at=begins + 3 * HOUR)
        return seminar

    return make


DRAFT, CANCELLED = SeminarState.DRAFT, SeminarState.CANCELLED
LONG_AGO = -400 * DAY


def _states() -> dict[str, Callable[[Cast, str], Seminar]]:
    return {
        "utkast": _plain(state=DRAFT, has_people=False),
        "utkast uten sted": _plain(state=DRAFT, has_people=False, place_name=""),
        "utkast som er passert": _plain(state=DRAFT, has_people=False, starts_in=-DAY),
        "utkast av noe som er over": _plain(state=DRAFT, has_people=False, starts_in=-9 * DAY),
        "åpner senere": _plain(registration_opens_at=7 * DAY, has_people=False),
        "åpen": _plain(is_everybody=True),
        "åpen og full for alle": _plain(is_everybody=True, capacity=11),
        "åpen og tom": _plain(has_people=False),
        "for andre": _plain(has_people=False),
        "full": _full(0),
        "full med venteliste": _full(2),
        "på venteliste": _own("waitlisted", capacity=1),
        "tilbud": _own("offered", expires_in=DAY),
        "tilbud som er gått ut": _own("offered", expires_in=-HOUR),
        "venter på godkjenning": _own("awaiting", expires_in=DAY, approval_days=3),
        "meldt av": _own("withdrawn"),
        "avslått": _own("declined"),
        "stengt": _plain(registration_closes_at=-HOUR),
        "stengt og tom": _plain(registration_closes_at=-HOUR, has_people=False),
        "venteliste etter fristen": _own(
            "waitlisted", starts_in=DAY, registration_opens_at=-9 * DAY
        ),
        "under veis": _plain(is_everybody=True, starts_in=-HOUR, hours=6),
        "på venteliste under veis": _own("waitlisted", starts_in=-HOUR),
        "tilbud under veis": _own("offered", starts_in=-HOUR, expires_in=HOUR),
        "holdt": _plain(is_everybody=True, starts_in=-2 * DAY),
        "holdt for lenge siden": _plain(starts_in=LONG_AGO),
        "avlyst": _plain(is_everybody=True, state=CANCELLED),
        "avlyst for lenge siden": _plain(state=CANCELLED, starts_in=LONG_AGO),
        "avlyst med tilbud": _own("offered", state=CANCELLED, expires_in=DAY),
        "flere dager": _of_days(9 * DAY),
        "mellom to dager": _of_days(-DAY),
        "valg": _to_choose_in(),
        "valg etter fristen": _to_choose_in(registration_closes_at=-HOUR),
        "valg under veis": _to_choose_in(starts_in=-HOUR),
    }


BY_ADDRESS = ("utkast uten sted", "åpen", "under veis", "holdt", "avlyst", "valg under veis")
"""Whose pages are opened one by one, as from another window; of the others what links lead to."""


def addresses(seminar: Seminar) -> Iterator[str]:
    """Return each address of the seminar's own, and of what stands in it."""
    parts = {
        "registration_pk": seminar.registrations.values_list("pk", flat=True),
        "question_pk": seminar.questions.values_list("pk", flat=True),
        "audience_pk": seminar.audiences.values_list("pk", flat=True),
        "pool_pk": seminar.seat_pools.values_list("pk", flat=True),
        "grant_pk": seminar.role_grants.values_list("pk", flat=True),
        "kind": ["leaders"],
    }
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<int:pk>" in route and pattern.name:
            named = next((name for name in parts if f":{name}>" in route), None)
            for part in parts[named] if named else [None]:
                keys = {"pk": seminar.pk} | ({named: part} if named else {})
                yield reverse(f"seminars:{pattern.name}", kwargs=keys)
    for name in ("attendance:register_other",):
        yield reverse(name, args=[seminar.pk])
