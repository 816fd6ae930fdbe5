"""A conversation in both calendars. Calendars are read by others: the title says what it is, and
neither with whom nor about what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from commitments.models import FollowUp
from outbox import calendar as imip
from outbox.calendar import CalendarPart
from outbox.letters import absolute_url
from people.models import User


def invitation(follow_up: FollowUp, *, to: User, now: dt.datetime) -> CalendarPart:
    """Puts it in the person's calendar, or moves it."""
    return _part(imip.request, follow_up, to, now)


def cancellation(follow_up: FollowUp, *, to: User, now: dt.datetime) -> CalendarPart:
    """Takes it out again; `follow_up` still has its time, and a higher sequence."""
    return _part(imip.cancel, follow_up, to, now)


def _part(
    kind: Callable[..., CalendarPart], follow_up: FollowUp, to: User, now: dt.datetime
) -> CalendarPart:
    with translation.override(to.language):
        summary = gettext("Oppfølgingssamtale")
    return kind(
        uid=_uid(follow_up),
        sequence=follow_up.calendar_sequence,
        summary=summary,
        start=follow_up.starts_at,
        end=follow_up.ends_at,
        location=follow_up.place,
        description="",
        url=absolute_url(reverse("commitments:detail", args=[follow_up.agreement_id])),
        attendee=to,
        now=now,
    )


def _uid(follow_up: FollowUp) -> str:
    """The same for both and for ever: it is one conversation."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"follow-up-{follow_up.pk}@{address.rpartition('@')[2]}"
