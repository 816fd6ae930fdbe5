"""What a calendar program reads at a person's secret address."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.utils import timezone, translation

from people.models import User
from people.rules import may_sign_in
from seminars import calendar
from seminars.models import CalendarFeed, Registration, RegistrationState, SeminarState

LOOKS_BACK = dt.timedelta(days=90)
"""Long enough that a seminar does not vanish from the calendar the day after it was held."""


@dataclass(frozen=True, slots=True)
class FeedContent:
    body: bytes
    etag: str
    changed_at: dt.datetime


def read_feed(token: str, *, now: dt.datetime) -> FeedContent | None:
    """None when the address opens nothing: unknown, taken back, or of somebody who has left."""
    feed = CalendarFeed.objects.with_token(token).first()
    if feed is None or not may_sign_in(feed.user, timezone.localdate(now)):
        return None
    with translation.override(feed.user.language):
        body = calendar.feed(_registrations(feed.user, now))
    content_hash = hashlib.sha256(body).hexdigest()
    if feed.content_hash != content_hash:
        CalendarFeed.objects.note_content(feed.pk, content_hash, now)
        feed.changed_at = now
    return FeedContent(body, f'"{content_hash}"', feed.changed_at)


def _registrations(user: User, now: dt.datetime) -> list[Registration]:
    """Seats that are certain, in seminars that are held."""
    return list(
        Registration.objects.visible_to(user, on=timezone.localdate(now))
        .filter(
            state=RegistrationState.REGISTERED,
            seminar__state=SeminarState.PUBLISHED,
            seminar__ends_at__gte=now - LOOKS_BACK,
        )
        .select_related("user", "seminar")
        .prefetch_related("seminar__sessions", "choices")
        .order_by("seminar__starts_at", "pk")
    )
