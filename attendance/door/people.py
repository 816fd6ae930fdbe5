"""Everybody whom a door of one session may meet, and how many are in: what its page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from attendance.door.rules import LET_IN, DoorAnswer, DoorSeat, door_answer, is_of_session
from attendance.door.words import when_and_where, word_of
from attendance.models import BY_ONESELF, Scan, SessionAttendance
from common.norwegian import search_fold, search_words
from seminars.models import CAME, Registration, Session


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One person as the door knows them: no address, no needs, no answers."""

    registration_pk: int
    name: str
    unit: str
    agency: str
    answer: DoorAnswer
    """What the door says if they come now."""
    scan: Scan | None = None
    """The first of those that stand."""
    outcome: str = ""
    """What is recorded of them in this session, if anything is."""

    @property
    def is_recorded(self) -> bool:
        """As one who came: by a scan, or in the list of participants."""
        return self.outcome in CAME

    @property
    def came_in_words(self) -> str:
        if self.scan:
            return when_and_where(self.scan)
        return _("Ført i listen") if self.is_recorded else ""

    @property
    def why_not(self) -> str:
        """What is said of whoever the door does not let in; empty for the others."""
        return word_of(self.answer) if self.answer not in LET_IN else ""

    @property
    def may_come_in(self) -> bool:
        return self.answer == DoorAnswer.WELCOME

    @property
    def waits(self) -> bool:
        """May have a seat that is free, from whoever stands at the door."""
        return self.answer in (DoorAnswer.WAITING, DoorAnswer.UNCERTAIN)


def door_rows(session: Session, registrations: Iterable[Registration]) -> list[DoorRow]:
    """Return the rows of registrations of the session's seminar, read `for_door`."""
    prefetch_related_objects([session.seminar], "sessions")
    first = first_scans(session)
    recorded = dict(
        SessionAttendance.objects.filter(session=session).values_list("registration", "outcome")
    )
    rows = []
    for one in registrations:
        scan = first.get(one.pk)
        one.seminar = session.seminar
        is_own = is_of_session(one, session)
        seat = DoorSeat(one.state, is_of_session=is_own, is_in=scan is not None)
        rows.append(
            DoorRow(
                registration_pk=one.pk,
                name=one.user.name,
                unit=one.unit.name if one.unit else "",
                agency=one.agency.name if one.agency else "",
                answer=door_answer(seat),
                scan=scan,
                outcome=recorded.get(one.pk, ""),
            )
        )
    return rows


def named(rows: Iterable[DoorRow], typed: str) -> list[DoorRow]:
    """Return those whose name or unit holds each word typed, as people are looked for elsewhere."""
    words = search_words(typed)
    if not words and typed.strip():
        return []
    folded = [(row, search_fold(f"{row.name} {row.unit}")) for row in rows]
    return [row for row, text in folded if all(word in text for word in words)]


def at_the_door(session: Session) -> list[Registration]:
    """Return everybody who has a place in the session's seminar or its queue, by name."""
    rows = session.seminar.registrations.active().with_people().prefetch_related("choices")
    return list(rows.order_by("user__sort_key", "pk"))


def first_scans(session: Session) -> dict[int, Scan]:
    """Return by registration the scan by which each is in."""
    found: dict[int, Scan] = {}
    for scan in session.scans.standing().in_order():
        found.setdefault(scan.registration_id, scan)
    return found


@dataclass(frozen=True, slots=True)
class AgencyCount:
    agency: str
    came: int
    expected: int


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """How many of those with a seat in the session are in, in all and by agency."""

    came: int
    expected: int
    agencies: list[AgencyCount]


def door_counts(rows: Iterable[DoorRow]) -> DoorCounts:
    expected: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for row in rows:
        if row.answer in LET_IN:
            expected[row.agency] += 1
            came[row.agency] += row.is_recorded
    agencies = [AgencyCount(name, came[name], number) for name, number in sorted(expected.items())]
    return DoorCounts(came.total(), expected.total(), agencies)


@dataclass(frozen=True, slots=True)
class TwiceSeen:
    """Somebody whom more than one door let in: the first stands."""

    name: str
    seen: list[str]
    """When, at which door and by whom, the first first."""


def seen_twice(session: Session) -> list[TwiceSeen]:
    """Return those whom several doors or devices let in, each with all scans in order.

    Who checked in by themselves, and was let in at a door too, was at one door.
    """
    scans: dict[int, list[Scan]] = {}
    standing = session.scans.standing().in_order().select_related("registration__user", "by")
    for scan in standing:
        scans.setdefault(scan.registration_id, []).append(scan)
    return [
        TwiceSeen(
            of_one[0].registration.user.name,
            [f"{when_and_where(scan)} ({scan.by.name})" for scan in of_one],
        )
        for of_one in scans.values()
        if len({(scan.door, scan.by_id) for scan in of_one if scan.way not in BY_ONESELF}) > 1
    ]
