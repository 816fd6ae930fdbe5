"""Words that mean the same to everybody."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.norwegian import sort_key_field
from people.models import Viewer


class TermQuerySet(models.QuerySet["Term"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Shared words are for everybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()


class Term(models.Model):
    """A word that the missions use, and what the municipality means by it."""

    word = models.CharField(_("ord"), max_length=60)
    explanation = models.TextField(_("forklaring"), max_length=600)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField()
    sort_key = sort_key_field("word")

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                Lower("word"),
                name="term_is_explained_once",
                violation_error_message=_("Ordet er forklart fra før."),
            ),
            models.CheckConstraint(
                name="term_has_words", condition=~Q(word="") & ~Q(explanation="")
            ),
        ]

    def __str__(self) -> str:
        return self.word
