"""A registration in its owner's own calendar: one event a session, for as long as they have a seat.

The UID of an event is that of the registration and the session, for ever; the SEQUENCE is the
registration's and rises for all its events at once (RFC 5546, 2.1.4). One message carries one
event: several in one invitation have the same UID or are read only in part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from icalendar import Calendar

from outbox import calendar as imip
from outbox.calendar import CalendarPart
from outbox.letters import absolute_url
from seminars.models import Registration, Session


@dataclass(frozen=True, slots=True)
class SessionPart(CalendarPart):
    """A message to the calendar, and the session it is about: its letter says which."""

    session: Session


def requests(
    registration: Registration, sessions: Iterable[Session], *, now: dt.datetime
) -> list[SessionPart]:
    """Puts the sessions in the calendar, or moves them."""
    return [_part(imip.request, registration, session, now) for session in sessions]


def cancellations(
    registration: Registration, sessions: Iterable[Session], *, now: dt.datetime
) -> list[SessionPart]:
    """Takes the sessions out of the calendar again."""
    return [_part(imip.cancel, registration, session, now) for session in sessions]


def downloadable(
    registration: Registration, sessions: Iterable[Session], *, now: dt.datetime
) -> bytes:
    """All the sessions in one file to be opened by hand, and so an answer to no invitation."""
    parts = requests(registration, sessions, now=now)
    if not parts:
        raise ValueError("a seminar has at least one session")
    return bytes(_published(parts).to_ical(sorted=False))


def feed(registrations: Iterable[Registration]) -> bytes:
    """All of a person's seminars, to be read again and again: the same rows, the same bytes.

    So each event is stamped with when the seat was given, and not with when it was read.
    """
    parts: list[SessionPart] = []
    for registration in registrations:
        given_at = registration.confirmed_at or registration.created_at
        parts += requests(registration, registration.own_sessions, now=given_at)
    whole = _published(parts)
    whole.add("x-wr-calname", gettext("Seminarer i Lederportalen"))
    whole.add("x-published-ttl", "PT1H")
    return bytes(whole.to_ical(sorted=False))


def _published(parts: Iterable[CalendarPart]) -> Calendar:
    """The events of invitations in one calendar that asks nobody for an answer."""
    whole = imip.blank("PUBLISH")
    for part in parts:
        for event in Calendar.from_ical(part.ics).walk("VEVENT"):
            for invitation_only in ("ATTENDEE", "ORGANIZER"):
                event.pop(invitation_only, None)
            whole.add_component(event)
    return whole


def _part(
    kind: Callable[..., CalendarPart],
    registration: Registration,
    session: Session,
    now: dt.datetime,
) -> SessionPart:
    part = kind(
        uid=_uid(registration, session),
        sequence=registration.calendar_sequence,
        attendee=registration.user,
        now=now,
        **event_of(registration, session),
    )
    return SessionPart(part.method, part.ics, session)


def _uid(registration: Registration, session: Session) -> str:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"{registration.calendar_uid}-{session.pk}@{address.rpartition('@')[2]}"


def event_of(registration: Registration, session: Session) -> dict[str, Any]:
    """What any calendar is told of a session, in whatever form."""
    seminar = registration.seminar
    url = absolute_url(reverse("seminars:detail", args=[seminar.pk]))
    contact = seminar.contact_details
    # The link itself first: nobody is to miss a meeting because a sign-in fails.
    joined = gettext("Bli med fra seminarets side i portalen, så blir du ført som møtt:")
    about = [seminar.summary, session.link, f"{joined}\n{url}" if session.link else url]
    return {
        "summary": f"{seminar.title}: {session.title}" if session.title else seminar.title,
        "start": session.starts_at,
        "end": session.ends_at,
        "location": session_place(session),
        "description": "\n\n".join(line for line in about if line),
        "url": url,
        "contact": contact.line if contact else "",
    }


def session_place(session: Session) -> str:
    """Where to go; for a digital session that is its link."""
    return session.link if session.is_digital else session.place
