"""What became of each import of HR's files, and what somebody has agreed to."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.role_grant import RoleGrant
from people.models.user import User, Viewer
from people.roles import Role

IMPORT_RUNS_KEPT = dt.timedelta(days=365)
"""How long after a run what became of it can be read."""
IMPORT_IS_LATE = dt.timedelta(hours=36)
"""HR's files come every night: after so long a night has been left out."""


class StaffImportOutcome(models.TextChoices):
    CARRIED_OUT = "carried_out", _("gjennomført")
    STOPPED = "stopped", _("stoppet")
    FAILED = "failed", _("feilet")


class StaffImportRunQuerySet(models.QuerySet["StaffImportRun"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """For administrators and HR of any part: what became of their people came by it."""
        if not isinstance(user, User):
            return self.none()
        roles = RoleGrant.objects.valid_on(on).filter(
            user=user, role__in=[Role.ADMINISTRATOR, Role.HR]
        )
        return self.all() if roles.exists() else self.none()

    def untold(self) -> Self:
        """Those of which administrators have to know, and have not been told."""
        concerning = ~Q(outcome=StaffImportOutcome.CARRIED_OUT) | Q(rows_set_aside__gt=0)
        return self.filter(concerning, told_at__isnull=True)


class StaffImportRun(models.Model):
    """One run of the import; a dry run leaves none."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    on = models.DateField()
    outcome = models.CharField(max_length=20, choices=StaffImportOutcome)
    by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    """None for the command."""
    counts = models.JSONField(default=dict)
    """What was changed, by `ChangeKind`."""
    stopped_by = models.JSONField(default=list)
    """Of each judged kind beyond its limit: `kind`, `count`, `of`, `digest`, and the limit."""
    unread_columns = models.JSONField(default=list)
    """Where it was stopped: by file, columns that the import knows nothing of."""
    accepted = models.JSONField(default=list)
    """The judged kinds that were accepted for this run."""
    rows_set_aside = models.PositiveIntegerField(default=0)
    set_aside = models.JSONField(default=list)
    """The first of what is wrong, each `file`, `line`, `column` and `message`."""
    error = models.CharField(max_length=200, blank=True)
    """What kind of error ended a run that failed on something else than the files."""
    told_at = models.DateTimeField(null=True, blank=True)

    objects = StaffImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="staff_import_outcome_is_known",
                condition=Q(outcome__in=StaffImportOutcome.values),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_outcome_display()}"

    @property
    def is_stopped(self) -> bool:
        return self.outcome == StaffImportOutcome.STOPPED

    @property
    def has_failed(self) -> bool:
        return self.outcome == StaffImportOutcome.FAILED


class StaffImportConsent(models.Model):
    """That so much of a kind is right, as a run that stopped at it would have changed it.

    It holds for the same changes alone: `digest` is of what they are.
    """

    run = models.ForeignKey(StaffImportRun, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], name="import_kind_is_agreed_to_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.run}"
