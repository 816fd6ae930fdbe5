"""Writing down who came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars.actions.seats import lock_seminar
from seminars.models import Attendance, AttendanceOutcome, Registration, RegistrationState, Seminar
from seminars.refusals import NotChangeable, NotYet

NOT_RECORDED = ""
"""Takes a mark back: nobody has said whether she came, which is not that she did not."""


@transaction.atomic
def mark_attendance(
    *, seminar: Seminar, marks: Mapping[int, str], by: User, now: dt.datetime
) -> int:
    """Set the outcome of many registrations at once, by their ids; others are left as they are.

    Marks that are already so change nothing. Ids of people without a seat here are passed over.
    One audit record says what each mark was and became. Returns how many changed.

    Raises NotYet before the day of the seminar, NotChangeable when it is not held.
    """
    seminar = lock_seminar(seminar.pk)
    if not seminar.is_published:
        raise NotChangeable(_("Oppmøte føres bare for et seminar som holdes."))
    if timezone.localdate(now) < timezone.localdate(seminar.starts_at):
        raise NotYet(_("Oppmøte kan føres fra dagen seminaret starter."))
    changes = _changes(seminar, marks)
    _write(changes, by=by, now=now)
    if changes:
        told = [[registration.pk, before, after] for registration, before, after in changes]
        audit.record("seminars.mark_attendance", seminar, by=by, changes=told)
    return len(changes)


Change = tuple[Registration, str, str]


def _changes(seminar: Seminar, marks: Mapping[int, str]) -> list[Change]:
    rows = Registration.objects.filter(
        seminar=seminar, pk__in=marks, state=RegistrationState.REGISTERED
    )
    changes = []
    for registration in rows.select_related("attendance").order_by("pk"):
        before = _outcome(registration)
        after = marks[registration.pk]
        if after != before and after in (NOT_RECORDED, *AttendanceOutcome.values):
            changes.append((registration, before, after))
    return changes


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
