"""What becomes of an agreement when the leader or the employee moves."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from commitments.models.agreement import Agreement
from commitments.triggers import agreements
from people.models import Position, User, Viewer
from people.reporting_line import positions_led_by


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The employee's own, and the leader's they were shared with for as long as they are.

        And for as long as that leader leads the employee: asked each time, as of the two's own.
        """
        if not isinstance(user, User):
            return self.none()
        led = Position.objects.filter(pk__in=positions_led_by(user.pk, on))
        shared_with = Q(
            with_user=user,
            ended_at__isnull=True,
            agreement__ended_at__isnull=True,
            agreement__employee__in=led.values("user"),
        )
        return self.filter(Q(agreement__employee=user) | shared_with)

    def with_people(self) -> Self:
        return self.select_related(
            "with_user", "agreement__leader", "agreement__employee", "agreement__unit"
        )

    def active(self) -> Self:
        return self.filter(ended_at__isnull=True, agreement__ended_at__isnull=True)


class Share(models.Model):
    """That the employee lets a new leader read what was signed with the former one."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="shares")
    with_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()
    left_behind_at = models.DateTimeField(
        null=True,
        help_text="When the portal saw that who reads it led no more; none once they lead again.",
    )
    ended_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["shared_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(ended_at__isnull=True),
                name="agreement_is_shared_with_one",
            ),
            models.CheckConstraint(
                name="share_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("shared_at")),
            ),
        ]
        triggers = agreements.share_triggers()

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.with_user_id}"
