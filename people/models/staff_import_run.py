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
IMPORT_UNDO_WINDOW = dt.timedelta(days=1)
"""So long after it a run can be taken back. What cannot be taken back waits as long: until then,
that a leader leads no more may be a fault in a file."""


class StaffImportOutcome(models.TextChoices):
    CARRIED_OUT = "carried_out", _("gjennomført")
    STOPPED = "stopped", _("stoppet")
    FAILED = "failed", _("feilet")
    UNDONE = "undone", _("tok en kjøring tilbake")


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
        came_to_nothing = Q(outcome__in=[StaffImportOutcome.STOPPED, StaffImportOutcome.FAILED])
        return self.filter(came_to_nothing | Q(rows_set_aside__gt=0), told_at__isnull=True)

    def addresses_untold(self, now: dt.datetime) -> Self:
        """Those after which somebody may have another address and has not been told.

        What a run changed is kept for as long as it can be taken back, and no longer.
        """
        since = now - IMPORT_UNDO_WINDOW
        return self.changing().filter(at__gt=since, addresses_told_at__isnull=True)

    def of_files(self) -> Self:
        """All but those by which somebody took another back."""
        return self.exclude(outcome=StaffImportOutcome.UNDONE)

    def carried_out(self) -> Self:
        return self.filter(outcome=StaffImportOutcome.CARRIED_OUT)

    def changing(self) -> Self:
        """Those after which something was otherwise than before."""
        changed = Q(outcome=StaffImportOutcome.CARRIED_OUT) & ~Q(counts={})
        return self.filter(changed | Q(outcome=StaffImportOutcome.UNDONE))


class StaffImportRun(models.Model):
    """One run of the import, or that one was taken back; a dry run leaves none."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    on = models.DateField()
    outcome = models.CharField(max_length=20, choices=StaffImportOutcome)
    by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    """None for the command."""
    counts = models.JSONField(default=dict)
    """What was changed, by `ChangeKind`; of one that took another back, what that had changed."""
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="undone_by", editable=False
    )
    keeps_changes = models.BooleanField(default=False)
    """Each row it wrote was kept as it was before, for as long as it can be taken back."""
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
    addresses_told_at = models.DateTimeField(null=True, blank=True)
    """When those whose address it changed had their letters."""
    silence_told_at = models.DateTimeField(null=True, blank=True)
    """When administrators were told that no other run had come after it."""
    read_as = models.JSONField(default=list)
    """What was read as what, a line each."""

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
    def undo_until(self) -> dt.datetime:
        """Return the moment from which it cannot be taken back any more."""
        return self.at + IMPORT_UNDO_WINDOW

    def former_addresses(self) -> dict[int, str]:
        """Return the addresses that people had before it, by the people's ids."""
        table = User._meta.db_table
        changes = self.changed_rows.filter(table_name=table, before__has_key="email")
        former: dict[int, str] = {}
        for row_id, email in changes.values_list("row_id", "before__email").order_by("pk"):
            former.setdefault(row_id, email or "")
        return {pk: email for pk, email in former.items() if email}

    @property
    def is_undoing(self) -> bool:
        return self.outcome == StaffImportOutcome.UNDONE

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
