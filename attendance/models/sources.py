"""What happened, and what somebody said of it: attendance follows from these rows alone."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.clock import FIRST_YEAR, LAST_YEAR
from common.sql import trigger_body
from people.guards import never_truncated
from people.models import User
from seminars.models import AttendanceOutcome, Registration, Session
from seminars.retention_periods import KEPT_AT_LEAST

FIRST_MOMENT = dt.datetime(FIRST_YEAR - 1, 12, 30, tzinfo=dt.UTC)
LAST_MOMENT = dt.datetime(LAST_YEAR + 1, 1, 2, tzinfo=dt.UTC)
"""Of a plausible year, wherever on earth the clock stands."""


def _kept(name: str, registration: str) -> list[pgtrigger.Trigger]:
    """Rows come and never change; they go with their seminar, when the archive plan may take it."""
    return [
        pgtrigger.Protect(name=f"{name}_never_changes", operation=pgtrigger.Update),
        pgtrigger.Trigger(
            name=f"{name}_goes_with_its_seminar",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func=trigger_body(
                "attendance",
                "source_goes_with_its_seminar",
                registration=registration,
                days=str(KEPT_AT_LEAST.days),
            ),
        ),
        never_truncated(name),
    ]


class ScanWay(models.TextChoices):
    """How whoever stood at the door found the person."""

    CODE = "code", _("Kode")
    NAME = "name", _("Navn")
    SELF = "self", _("Selv, med koden på skjermen")
    MEETING = "meeting", _("Lenken til det digitale møtet")
    WALK_IN = "walk_in", _("Kom uten påmelding")


BY_ONESELF = (ScanWay.SELF, ScanWay.MEETING)
"""Ways in which nobody else was there to see the person."""


class ScanQuerySet(models.QuerySet["Scan"]):
    def standing(self) -> ScanQuerySet:
        """Those that nobody has taken back."""
        return self.filter(undone__isnull=True)

    def in_order(self) -> ScanQuerySet:
        """As they happened; what two devices say of one moment, as it came in."""
        return self.order_by("happened_at", "pk")


class Scan(models.Model):
    """Somebody came to a session: one row each time a door let them in."""

    key = models.UUIDField(unique=True, help_text="Made by the device, so that it is sent twice.")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="scans")
    session = models.ForeignKey(Session, on_delete=models.RESTRICT, related_name="scans")
    door = models.CharField(_("dør"), max_length=30, blank=True)
    way = models.CharField(max_length=10, choices=ScanWay)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    device_time = models.DateTimeField(help_text="What the clock of the device said, right or not.")
    happened_at = models.DateTimeField(help_text="The device's time, where it can be true.")
    received_at = models.DateTimeField(default=timezone.now)

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["session", "happened_at"], name="scan_of_session")]
        constraints = [
            models.CheckConstraint(
                name="scan_way_is_known", condition=Q(way__in=[one.value for one in ScanWay])
            ),
            models.CheckConstraint(
                name="scan_happened_before_it_came", condition=Q(happened_at__lte=F("received_at"))
            ),
            # Years that PostgreSQL stores and Python cannot read: no page could show the row.
            models.CheckConstraint(
                name="scan_device_time_can_be_read",
                condition=Q(device_time__gte=FIRST_MOMENT, device_time__lte=LAST_MOMENT),
            ),
        ]
        triggers = _kept("scan", "OLD.registration_id")


class UndoneScan(models.Model):
    """A scan that was taken back: it stays, and counts no more."""

    scan = models.OneToOneField(Scan, on_delete=models.CASCADE, related_name="undone")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        triggers = _kept(
            "undone_scan",
            "(SELECT registration_id FROM attendance_scan WHERE id = OLD.scan_id)",
        )


class AttendanceMark(models.Model):
    """What somebody wrote down by hand of a participant in one session.

    Without an outcome it takes back what was written down.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="marks")
    session = models.ForeignKey(Session, on_delete=models.RESTRICT, related_name="marks")
    outcome = models.CharField(_("oppmøte"), max_length=10, choices=AttendanceOutcome, blank=True)
    reason = models.TextField(_("begrunnelse"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="mark_outcome_is_known",
                condition=Q(outcome__in=["", *AttendanceOutcome.values]),
            ),
        ]
        triggers = _kept("attendance_mark", "OLD.registration_id")
