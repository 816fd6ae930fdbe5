"""A person's own calendar at a secret address."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import User, Viewer


def hash_of(token: str) -> str:
    """The token has 256 random bits, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def open(self) -> Self:
        return self.filter(revoked_at=None)

    def with_token(self, token: str) -> Self:
        """Whoever has the address, signed in or not; a revoked one opens nothing."""
        return self.open().filter(token_hash=hash_of(token)).select_related("user")

    def note_content(self, pk: int, content_hash: str, now: dt.datetime) -> None:
        """Two calendars asking at once write the same; what has not changed is left alone."""
        self.filter(pk=pk).exclude(content_hash=content_hash).update(
            content_hash=content_hash, changed_at=now
        )


class CalendarFeed(models.Model):
    """That a person has given their calendar program an address to read their seminars from."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(
        default=timezone.now, help_text="When what the feed says was last seen to be new."
    )

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at=None),
                name="calendar_feed_is_one_while_open",
            ),
        ]
