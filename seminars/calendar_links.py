"""Links that open Outlook or Google Kalender on a session, filled in: nothing is sent but by them.

Both read moments in UTC. They hold what the calendar file holds, and nothing about the person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.html import escape

from seminars.calendar import event_of
from seminars.models import Registration, Session

OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"
GOOGLE = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    session: Session
    outlook: str
    google: str


def calendar_links(registration: Registration | None, now: dt.datetime) -> list[CalendarLinks]:
    """Return those of the person's own sessions that are to come, for whoever has a seat."""
    if registration is None or not registration.has_seat or registration.seminar.is_cancelled:
        return []
    to_come = registration.sessions_to_come(now)
    return [_links(one, event_of(registration, one)) for one in to_come]


def _links(session: Session, event: Mapping[str, str]) -> CalendarLinks:
    starts, ends = (moment.astimezone(dt.UTC) for moment in (session.starts_at, session.ends_at))
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event["summary"],
        "startdt": f"{starts:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
        "location": event["location"],
        # Outlook reads the text as HTML, Google as it stands.
        "body": escape(event["description"]).replace("\n", "<br>"),
    }
    google = {
        "action": "TEMPLATE",
        "text": event["summary"],
        "dates": f"{starts:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}",
        "location": event["location"],
        "details": event["description"],
    }
    return CalendarLinks(session, _address(OUTLOOK, outlook), _address(GOOGLE, google))


def _address(base: str, parameters: Mapping[str, str]) -> str:
    """A space as %20: Outlook shows a plus sign as one."""
    return f"{base}?{urlencode(parameters, quote_via=quote, safe='')}"
