"""Conversations about what was agreed, and what the two said."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.agreement import Agreement, Revision, seen_by
from commitments.models.content import Commitment
from commitments.models.words import Word
from people.models import User, append_only


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(seen_by(user, "agreement__"))

    def outstanding(self) -> Self:
        """Not held yet, in agreements that go on."""
        return self.filter(
            held_at__isnull=True,
            agreement__ended_at__isnull=True,
            agreement__leader_access_ended_at__isnull=True,
        )

    def held(self) -> Self:
        return self.filter(held_at__isnull=False).order_by("-held_at")

    def with_content(self) -> Self:
        return self.select_related(
            "agreement__leader", "agreement__employee", "agreement__unit", "revision"
        ).prefetch_related("revision__commitments__core_activity")

    def due_between(self, first: dt.date, last: dt.date) -> Self:
        """Outstanding ones that fall from `first` to `last`, both days included."""
        return (
            self.outstanding()
            .filter(due_on__gte=first, due_on__lte=last)
            .select_related("agreement__leader", "agreement__employee")
        )


class FollowUp(models.Model):
    """A conversation about a signed agreement: planned by it, and held."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="follow_ups")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        help_text="The signed revision whose commitments are talked about.",
    )
    due_on = models.DateField(_("dato"))
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(held_at__isnull=True),
                name="agreement_has_one_planned_follow_up",
            ),
            models.CheckConstraint(
                name="follow_up_held_by_somebody",
                condition=Q(held_at__isnull=True, held_by__isnull=True)
                | Q(held_at__isnull=False, held_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="follow_up_planned", condition=Q(held_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="follow_up_held_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__held_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.due_on}"


class Outcome(models.Model):
    """What the two said about one commitment in a follow-up."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="outcomes")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="outcomes")
    word = models.CharField(_("hvordan det gikk"), max_length=20, choices=Word)
    why = models.TextField(_("og hvorfor"), max_length=600, blank=True)

    class Meta:
        ordering = ["follow_up_id", "commitment__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "commitment"], name="commitment_has_one_word_a_follow_up"
            ),
            models.CheckConstraint(
                name="outcome_let_go_says_why", condition=~Q(word="let_go") | ~Q(why="")
            ),
        ]
        triggers = append_only("outcome")

    def __str__(self) -> str:
        return self.word
