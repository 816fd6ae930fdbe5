"""Writing down who came."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from attendance.derivation import NOT_RECORDED
from attendance.derived import write_derived
from attendance.models import AttendanceMark, SessionAttendance
from attendance.refusals import NotInList, NotYet
from common import dates
from people import audit
from people.models import User
from seminars.models import AttendanceOutcome, Registration, Seminar, Session, SessionChoice
from seminars.refusals import NotChangeable
from seminars.rules import may_mark_attendance
from seminars.seats.allocation import lock_seminar

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


def closed_to_marking(seminar: Seminar, now: dt.datetime) -> NotChangeable | NotYet | None:
    """What stops the organiser from recording who came: page and action ask the same."""
    if not seminar.is_published:
        return NotChangeable(_("Oppmøte føres bare for et seminar som holdes."))
    if not may_mark_attendance(seminar, now):
        return NotYet(_("Oppmøte kan føres fra dagen seminaret starter."))
    return None


@transaction.atomic
def mark_attendance(
    *,
    seminar: Seminar,
    marks: Mapping[int, str],
    by: User,
    now: dt.datetime,
    seen: Mapping[int, str] | None = None,
    session: Session | None = None,
    reason: str = "",
) -> MarkingResult:
    """Store the outcome of many registrations at once, by their ids; others are left as they are.

    Of one session, or of all that each of them goes to.

    `seen` is what the page showed for each: a row that somebody has marked otherwise since is a
    conflict, and is left. Marks that are already so change nothing. One audit record says what
    each mark was and became.

    Raises NotYet before the day of the seminar, NotChangeable when it is not held, and NotInList
    for a row without a seat here, a session of another seminar, or a word that is no outcome; then
    nothing is stored.
    """
    seminar = lock_seminar(seminar.pk)
    if session is not None and session.seminar_id != seminar.pk:
        raise NotInList()
    if refusal := closed_to_marking(seminar, now):
        raise refusal
    rows = _rows_of(seminar, marks)
    changes, conflicts = _compared(_outcomes(rows, session), marks, seen)
    changed = [registration for registration, _before, _after in changes]
    own = _own_sessions(seminar, changed) if session is None else {}
    AttendanceMark.objects.bulk_create(
        AttendanceMark(registration=one, session_id=pk, outcome=after, reason=reason, by=by, at=now)
        for one, _before, after in changes
        for pk in ([session.pk] if session else own[one.pk])
    )
    write_derived(changed, by=by, now=now)
    if changes:
        told = [[registration.pk, before, after] for registration, before, after in changes]
        of: dict[str, Any] = {} if session is None else {"session": session.pk}
        audit.record("attendance.mark_attendance", seminar, by=by, changes=told, **of)
    return MarkingResult(len(changes), conflicts)


def correct_attendance(
    registration: Registration,
    *,
    session: Session,
    outcome: str,
    reason: str,
    by: User,
    now: dt.datetime,
) -> None:
    """Write down of one session what it should say, and why; the person may read it.

    Raises what `mark_attendance` raises.
    """
    mark_attendance(
        seminar=registration.seminar,
        marks={registration.pk: outcome},
        session=session,
        reason=reason,
        by=by,
        now=now,
    )


Change = tuple[Registration, str, str]


def _rows_of(seminar: Seminar, marks: Mapping[int, str]) -> list[Registration]:
    """The rows that are marked, all of them: a mark that has no row here is never passed over."""
    rows = Registration.objects.recordable().filter(seminar=seminar, pk__in=marks)
    locked = rows.select_for_update(no_key=True).order_by("pk")
    # Read once they are locked: a door that we waited for has changed what is recorded of them.
    found = list(
        Registration.objects.filter(pk__in=[one.pk for one in locked])
        .select_related("user", "attendance__marked_by")
        .order_by("pk")
    )
    if len(found) < len(marks) or not OUTCOMES.issuperset(marks.values()):
        raise NotInList()
    return found


def _own_sessions(seminar: Seminar, registrations: list[Registration]) -> dict[int, list[int]]:
    """The sessions that each goes to, or was recorded at before they chose another.

    All of them for whoever left and has chosen none.
    """
    sessions = {one.pk: one.is_parallel for one in seminar.sessions.all()}
    for_all = [pk for pk, is_parallel in sessions.items() if not is_parallel]
    chosen: defaultdict[int, list[int]] = defaultdict(list)
    choices = SessionChoice.objects.filter(registration__in=registrations)
    for registration, pk in choices.values_list("registration", "session"):
        chosen[registration].append(pk)
    recorded: defaultdict[int, list[int]] = defaultdict(list)
    told = SessionAttendance.objects.filter(registration__in=registrations)
    for registration, pk in told.values_list("registration", "session"):
        recorded[registration].append(pk)
    return {
        one.pk: sorted({*(for_all + chosen[one.pk] or sessions), *recorded[one.pk]})
        for one in registrations
    }


def _outcomes(rows: list[Registration], session: Session | None) -> list[tuple[Registration, str]]:
    if session is None:
        return [(one, _outcome(one)) for one in rows]
    told = SessionAttendance.objects.filter(session=session, registration__in=rows)
    found = dict(told.values_list("registration", "outcome"))
    return [(one, found.get(one.pk, NOT_RECORDED)) for one in rows]


def _outcome(registration: Registration) -> str:
    attendance = getattr(registration, "attendance", None)
    return NOT_RECORDED if attendance is None else str(attendance.outcome)


def _compared(
    outcomes: list[tuple[Registration, str]],
    marks: Mapping[int, str],
    seen: Mapping[int, str] | None,
) -> tuple[list[Change], list[Conflict]]:
    changes, conflicts = [], []
    for registration, before in outcomes:
        after = marks[registration.pk]
        page_showed = before if seen is None else seen.get(registration.pk, NOT_RECORDED)
        if after in (before, page_showed):
            continue
        if before == page_showed:
            changes.append((registration, before, after))
        else:
            conflicts.append(Conflict(registration, after))
    return changes, conflicts
