"""Whether people came, as it follows from scans and marks: in all, and to each session."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from people.models import User, Viewer
from seminars.models import AttendanceOutcome, Registration, Session


def _passes_its_outcome_on(operation: str) -> pgtrigger.Trigger:
    """Once a statement: everybody who came is often written at once.

    The registration keeps its outcome from everybody but this trigger.
    """
    is_gone = operation == "Delete"
    changed = "old_rows" if is_gone else "new_rows"
    return pgtrigger.Trigger(
        name=f"attendance_is_passed_on_by_{operation.lower()}",
        level=pgtrigger.Statement,
        operation=getattr(pgtrigger, operation),
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(**{changed.removesuffix("_rows"): changed}),
        func=trigger_body(
            "attendance",
            "attendance_is_passed_on",
            changed=changed,
            outcome="''" if is_gone else "attendance.outcome",
        ),
    )


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own; organisers reach those of others through their seminar."""
        return self.filter(registration__in=Registration.objects.visible_to(user, on=on))


class Attendance(models.Model):
    """Whether a participant came. Without a row it is not recorded, which is not «no show».

    Written by `attendance.derived` alone, from scans and marks; `marked_by` is whose scan or mark
    made it so.
    """

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="attendance"
    )
    outcome = models.CharField(_("oppmøte"), max_length=10, choices=AttendanceOutcome)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="attendance_outcome_is_known",
                condition=Q(outcome__in=AttendanceOutcome.values),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="attendance_stays_with_its_person", fields=["registration"]),
            *(_passes_its_outcome_on(operation) for operation in ("Insert", "Update", "Delete")),
        ]


class SessionAttendance(models.Model):
    """Whether a participant came to one session. Without a row it is not recorded."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="session_attendance", db_index=False
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    outcome = models.CharField(_("oppmøte"), max_length=10, choices=AttendanceOutcome)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"], name="session_attendance_is_one_a_session"
            ),
            models.CheckConstraint(
                name="session_attendance_outcome_is_known",
                condition=Q(outcome__in=AttendanceOutcome.values),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="session_attendance_stays_with_its_person",
                fields=["registration", "session"],
            ),
        ]
