"""Attendance as its sources say it: read for many at once, and written where it has changed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from attendance.derivation import outcome_by_session, outcome_in_all
from attendance.models import Attendance, AttendanceMark, Scan, SessionAttendance
from people.models import User
from seminars.models import AttendanceOutcome, Registration


def derive(registrations: Collection[Registration]) -> dict[int, dict[int, str]]:
    """Return what the sources say of each registration, by its key and by session."""
    sources = _sources(registrations)
    return {one.pk: outcome_by_session(sources[one.pk]) for one in registrations}


def _sources(registrations: Collection[Registration]) -> dict[int, list[tuple[int, str]]]:
    """Scans and marks as the portal got them; at one and the same moment, marks last."""
    dated: defaultdict[int, list[tuple[dt.datetime, int, int, int, str]]] = defaultdict(list)
    scans = Scan.objects.standing().filter(registration__in=registrations)
    came = AttendanceOutcome.ATTENDED.value
    columns = ("registration", "received_at", "pk", "session")
    for registration, at, pk, session in scans.values_list(*columns):
        dated[registration].append((at, 0, pk, session, came))
    marks = AttendanceMark.objects.filter(registration__in=registrations)
    for registration, at, pk, session, outcome in marks.values_list(
        "registration", "at", "pk", "session", "outcome"
    ):
        dated[registration].append((at, 1, pk, session, outcome))
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for key, rows in dated.items():
        found[key] = [(session, outcome) for *_order, session, outcome in sorted(rows)]
    return found


def write_derived(registrations: Collection[Registration], *, by: User, now: dt.datetime) -> None:
    """Bring both tables to what the sources say of registrations that the caller has locked."""
    derived = derive(registrations)
    _write_sessions(derived)
    stored = dict(
        Attendance.objects.filter(registration__in=derived).values_list("registration", "outcome")
    )
    in_all = {pk: outcome_in_all(one.values()) for pk, one in derived.items()}
    changed = {pk: outcome for pk, outcome in in_all.items() if outcome != stored.get(pk, "")}
    gone = [pk for pk, outcome in changed.items() if not outcome]
    Attendance.objects.filter(registration__in=gone).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(registration_id=pk, outcome=outcome, marked_by=by, marked_at=now)
            for pk, outcome in changed.items()
            if outcome
        ],
        update_conflicts=True,
        unique_fields=["registration"],
        update_fields=["outcome", "marked_by", "marked_at"],
    )


def _write_sessions(derived: dict[int, dict[int, str]]) -> None:
    stored = {
        (registration, session): (pk, outcome)
        for pk, registration, session, outcome in SessionAttendance.objects.filter(
            registration__in=derived
        ).values_list("pk", "registration", "session", "outcome")
    }
    told = {
        (pk, session): outcome for pk, one in derived.items() for session, outcome in one.items()
    }
    gone = [pk for key, (pk, _outcome) in stored.items() if key not in told]
    SessionAttendance.objects.filter(pk__in=gone).delete()
    SessionAttendance.objects.bulk_create(
        [
            SessionAttendance(registration_id=registration, session_id=session, outcome=outcome)
            for (registration, session), outcome in told.items()
            if stored.get((registration, session), (0, ""))[1] != outcome
        ],
        update_conflicts=True,
        unique_fields=["registration", "session"],
        update_fields=["outcome"],
    )
