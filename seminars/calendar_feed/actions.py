"""A person's own calendar feed: made, seen once, and taken back."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from people import audit
from people.models import User
from seminars.models import CalendarFeed
from seminars.models.feed import hash_of


@transaction.atomic
def open_calendar_feed(*, by: User, now: dt.datetime) -> str:
    """Make a new secret address; the one before it stops working. Returns the token.

    The token is shown once: the database keeps a hash that opens nothing by itself.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs, one open feed
    _revoke(by, now)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=by, token_hash=hash_of(token), created_at=now)
    audit.record("seminars.open_calendar_feed", feed, by=by)
    return token


@transaction.atomic
def close_calendar_feed(*, by: User, now: dt.datetime) -> None:
    """The address answers nobody from now on."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    for feed in _revoke(by, now):
        audit.record("seminars.close_calendar_feed", feed, by=by)


def _revoke(user: User, now: dt.datetime) -> list[CalendarFeed]:
    feeds = list(CalendarFeed.objects.open().filter(user=user))
    CalendarFeed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(revoked_at=now)
    return feeds
