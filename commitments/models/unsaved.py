"""What somebody has typed in a draft and not saved: theirs alone, and gone once it is saved."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils import timezone

from commitments.models.agreement import Agreement, seen_by
from people.models import User


class UnsavedWorkQuerySet(models.QuerySet["UnsavedWork"]):
    def visible_to(self, user: Any) -> Self:
        """Its author's alone, not even the other party's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(seen_by(user, "agreement__"), author=user)


class UnsavedWork(models.Model):
    """The form of an agreement as it stood when its author paused; no part of any evidence."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="unsaved_work")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField(help_text="The fields by name, right or wrong.")
    saved_at = models.DateTimeField(default=timezone.now)

    objects = UnsavedWorkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "author"], name="author_has_one_unsaved_work"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.author_id}"
