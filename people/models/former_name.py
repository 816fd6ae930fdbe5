"""Names that people had before, by which they are found for a while."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.norwegian import SearchFold, holds_words

if TYPE_CHECKING:
    from people.models.user import Viewer

FORMER_NAME_KEPT = dt.timedelta(days=365)
"""How long after a change of name the former one is looked up by."""


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own. Others find somebody by them and never read them."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def of_people_named(self, words: str) -> Self:
        return self.alias(searched=SearchFold("name")).filter(holds_words("searched", words))


class FormerName(models.Model):
    """A name that HR's file gave a person before: whoever married is looked for by it for a while.

    Never shown to others, and forgotten after `FORMER_NAME_KEPT`.
    """

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("tidligere navn"), max_length=200)
    until = models.DateField(_("brukt til"))

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="former_name_stands_once")
        ]
        indexes = [
            GinIndex(OpClass(SearchFold("name"), name="gin_trgm_ops"), name="former_name_search")
        ]

    def __str__(self) -> str:
        return self.name


def person_is_named(words: str, *, searched: str, user: str = "pk") -> Q:
    """Return the condition that a person's name and address, or a name they had, hold the words.

    `searched` leads to the person's `search_text`, `user` to their key.
    """
    former = FormerName.objects.of_people_named(words)
    return holds_words(searched, words) | Q((f"{user}__in", former.values("user")))
