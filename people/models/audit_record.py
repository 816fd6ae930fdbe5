"""The audit trail: who did what, on whose behalf, to what, and why."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people import trail
from people.guards import append_only
from people.models.position import Position
from people.models.role_grant import ids_administered
from people.models.unit import Unit
from people.tree import ids_below

if TYPE_CHECKING:
    from people.models.user import Viewer


class AuditRecordQuerySet(models.QuerySet["AuditRecord"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """What people in the units which the user administers have done or had done for them.

        What the portal does by itself has no actor, and is seen by whoever administers the top.
        """
        if isinstance(user, AnonymousUser):
            return self.none()
        administered = ids_administered(user, on)
        staff = Position.objects.filter(unit__in=ids_below(administered)).values("user")
        seen = Q(actor__in=staff) | Q(on_behalf_of__in=staff)
        if Unit.objects.filter(pk__in=administered, parent__isnull=True).exists():
            seen |= Q(actor__isnull=True)
        return self.filter(seen)


class AuditRecord(models.Model):
    """One thing that somebody did: who, on whose behalf, to what, and why."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        "people.User", null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    on_behalf_of = models.ForeignKey(
        "people.User", null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["object_type", "object_id"])]
        triggers = append_only("audit_record")

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    @property
    def action_in_words(self) -> str:
        return trail.action_in_words(self.action)

    @property
    def thing_in_words(self) -> str:
        return trail.thing_in_words(self.object_type)
