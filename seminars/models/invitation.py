"""Who is asked."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from people.models import User
from seminars.models.registration import Registration
from seminars.models.search import person_or_unit_is_named
from seminars.models.states import SnapshotOfWork


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_people(self) -> Self:
        return self.select_related("user", "unit", "agency").order_by("user__sort_key", "pk")

    def named(self, text: str) -> Self:
        """As those who are registered are looked for; nothing typed is all."""
        return self.filter(person_or_unit_is_named(text))

    def unanswered(self) -> Self:
        """Those whose person has never registered, whatever became of it."""
        answers = Registration.objects.filter(seminar=OuterRef("seminar"), user=OuterRef("user"))
        return self.filter(~Exists(answers))

    def with_answer(self) -> Self:
        """Adds `answer`: the state of the person's latest registration, or null."""
        latest = Registration.objects.filter(
            seminar=OuterRef("seminar"), user=OuterRef("user")
        ).order_by("-pk")
        return self.annotate(answer=Subquery(latest.values("state")[:1]))


class Invitation(SnapshotOfWork):
    """That a person was asked to a seminar. It gives no seat."""

    seminar = models.ForeignKey(
        "seminars.Seminar",
        on_delete=models.CASCADE,
        related_name="invitations",
        db_index=False,
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["seminar", "agency"], name="invitation_agency")]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "user"], name="invitation_is_sent_once_to_each"
            ),
        ]
