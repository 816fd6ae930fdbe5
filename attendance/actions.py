"""Writing down who came, from a list and at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from attendance.models import Attendance
from attendance.refusals import NotInList, NotYet
from common import dates
from common.errors import Refused
from people import audit
from people.models import User
from seminars.models import AttendanceOutcome, Registration, Seminar
from seminars.refusals import NotChangeable, NotOpen
from seminars.registration_window import closed_to_all
from seminars.rules import may_mark_attendance
from seminars.seats.active_registration import active_registration
from seminars.seats.allocation import allocate_seat, give_seat, lock_seminar
from seminars.seats.session_placement import Choices

NOT_RECORDED = ""
"""Takes a mark back: nobody has said whether the person came, which is not that they did not."""
OUTCOMES = {NOT_RECORDED, *AttendanceOutcome.values}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else has marked the row since the page was made; `wanted` is not stored."""

    registration: Registration
    wanted: str

    def __str__(self) -> str:
        """Say what stands, by whom, and what was wanted instead."""
        attendance = getattr(self.registration, "attendance", None)
        words = {"wanted": outcome_label(self.wanted), "stands": outcome_label(NOT_RECORDED)}
        if attendance is None:
            return (
                _("Oppmøtet er satt til «%(stands)s» av en annen. «%(wanted)s» er ikke lagret.")
                % words
            )
        words |= {
            "stands": outcome_label(attendance.outcome),
            "name": attendance.marked_by.name,
            "when": dates.clock(attendance.marked_at),
        }
        return _("%(name)s førte «%(stands)s» kl. %(when)s. «%(wanted)s» er ikke lagret.") % words


@dataclass(frozen=True, slots=True)
class MarkingResult:
    """How many rows were stored, and which were left as another had marked them."""

    stored: int
    conflicts: list[Conflict]


def outcome_label(outcome: str) -> str:
    return str(AttendanceOutcome(outcome).label) if outcome else _("Ikke ført")


@transaction.atomic
def mark_attendance(
    *,
    seminar: Seminar,
    marks: Mapping[int, str],
    by: User,
    now: dt.datetime,
    seen: Mapping[int, str] | None = None,
) -> MarkingResult:
    """Store the outcome of many registrations at once, by their ids; others are left as they are.

    `seen` is what the page showed for each: a row that somebody has marked otherwise since is a
    conflict, and is left. Marks that are already so change nothing. One audit record says what
    each mark was and became.

    Raises NotYet before the day of the seminar, NotChangeable when it is not held, and NotInList
    for a row without a seat here or a word that is no outcome; then nothing is stored.
    """
    seminar = lock_seminar(seminar.pk)
    if not seminar.is_published:
        raise NotChangeable(_("Oppmøte føres bare for et seminar som holdes."))
    if not may_mark_attendance(seminar, now):
        raise NotYet(_("Oppmøte kan føres fra dagen seminaret starter."))
    changes, conflicts = _compared(_rows_of(seminar, marks), marks, seen)
    _write(changes, by=by, now=now)
    if changes:
        told = [[registration.pk, before, after] for registration, before, after in changes]
        audit.record("attendance.mark_attendance", seminar, by=by, changes=told)
    return MarkingResult(len(changes), conflicts)


Change = tuple[Registration, str, str]


def _rows_of(seminar: Seminar, marks: Mapping[int, str]) -> list[Registration]:
    """The rows that are marked, all of them: a mark that has no row here is never passed over."""
    rows = Registration.objects.recordable().filter(seminar=seminar, pk__in=marks)
    found = list(rows.select_related("user", "attendance__marked_by").order_by("pk"))
    if len(found) < len(marks) or not OUTCOMES.issuperset(marks.values()):
        raise NotInList()
    return found


def _compared(
    rows: list[Registration], marks: Mapping[int, str], seen: Mapping[int, str] | None
) -> tuple[list[Change], list[Conflict]]:
    changes, conflicts = [], []
    for registration in rows:
        before, after = _outcome(registration), marks[registration.pk]
        page_showed = before if seen is None else seen.get(registration.pk, NOT_RECORDED)
        if after in (before, page_showed):
            continue
        if before == page_showed:
            changes.append((registration, before, after))
        else:
            conflicts.append(Conflict(registration, after))
    return changes, conflicts


def _outcome(registration: Registration) -> str:
    attendance = getattr(registration, "attendance", None)
    return NOT_RECORDED if attendance is None else str(attendance.outcome)


def _write(changes: list[Change], *, by: User, now: dt.datetime) -> None:
    taken_back = [registration for registration, _before, after in changes if not after]
    Attendance.objects.filter(registration__in=taken_back).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(registration=registration, outcome=after, marked_by=by, marked_at=now)
            for registration, _before, after in changes
            if after
        ],
        update_conflicts=True,
        unique_fields=["registration"],
        update_fields=["outcome", "marked_by", "marked_at"],
    )


def register_walk_in(
    *, seminar: Seminar, user: User, by: User, now: dt.datetime, choices: Choices | None = None
) -> Registration:
    """The organiser lets somebody in at the door, who is written down as attended.

    There is nothing to wait for any more, and whoever waited, or had an offer, comes in as well as
    a stranger does. Sends what `allocate_seat` or `give_seat` sends, and raises what these raise;
    NotOpen when no gathering is going on.
    """
    with transaction.atomic():
        present = active_registration(seminar, user)
        if present is None:
            registration = allocate_seat(
                seminar=seminar,
                user=user,
                by=by,
                now=now,
                door=_door_in_the_hall,
                may_wait=False,
                choices=choices,
            )
        else:
            registration = give_seat(
                registration=present,
                by=by,
                now=now,
                door=_door_in_the_hall,
                is_here=True,
                choices=choices,
            )
        mark_attendance(
            seminar=registration.seminar, marks={registration.pk: "attended"}, by=by, now=now
        )
    return registration


def _door_in_the_hall(seminar: Seminar, now: dt.datetime) -> Refused | None:
    refusal = closed_to_all(seminar, now)
    if refusal is not None or seminar.is_held_now(now):
        return refusal
    if seminar.has_started(now):
        return NotOpen(_("Ingen samling er i gang nå."))
    return NotOpen(_("Seminaret har ikke startet ennå."))
