"""A leader's round: the same beginning for many conversations, and a template for the next."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commitments.models.agreement import Agreement
from commitments.models.wording import Pledge, Wording
from people.models import Unit, User, Viewer


class AgreementRoundQuerySet(models.QuerySet["AgreementRound"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The leader's own: what was written before there was any conversation."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(leader=user)

    def with_pledges(self) -> Self:
        return self.select_related("unit").prefetch_related("pledges__core_activity")


class AgreementRound(Wording):
    """That a leader begins with several in a unit at once, and what each draft then says."""

    leader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="agreement_rounds")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="agreement_rounds")
    created_at = models.DateTimeField(default=timezone.now)
    agreements = models.ManyToManyField(Agreement, related_name="rounds")

    objects = AgreementRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit}, {self.created_at:%Y-%m-%d}"


class RoundPledge(Pledge):
    """What the leader commits to towards each of them."""

    round = models.ForeignKey(AgreementRound, on_delete=models.CASCADE, related_name="pledges")

    class Meta:
        ordering = ["round_id", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="round_pledge_says_what_and_why", condition=~Q(text="") & ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return self.text
