"""What somebody has typed and not saved: theirs alone, and gone once it is saved."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commitments.models.agreement import Agreement
from commitments.models.preparation import GuidingQuestion
from commitments.models.reading_access import seen_by
from commitments.triggers import pairs
from people.models import User, Viewer


class UnsavedWorkQuerySet(models.QuerySet["UnsavedWork"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Its author's alone, not even the other party's."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "agreement__"), author=user)

    def of_answers(self, agreement: Agreement) -> Self:
        """To the questions before it, and not of the draft."""
        return self.filter(agreement=agreement).exclude(question="")


class UnsavedWork(models.Model):
    """A form as it stood when its author paused; no part of any evidence.

    Of the agreement itself, or of the answer to one of the questions before it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="unsaved_work")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(
        max_length=10,
        choices=GuidingQuestion,
        blank=True,
        default="",
        help_text="Empty for the draft.",
    )
    typed = models.JSONField(help_text="The fields by name, right or wrong.")
    saved_at = models.DateTimeField(default=timezone.now)

    objects = UnsavedWorkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "author", "question"],
                name="author_has_one_unsaved_work_a_form",
            ),
            models.CheckConstraint(
                name="unsaved_work_is_of_a_form",
                condition=Q(question__in=["", *GuidingQuestion.values]),
            ),
        ]
        triggers = [pairs.unsaved_work_by_a_party()]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.author_id}"
