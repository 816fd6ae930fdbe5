"""A calendar part with everything in it that has gone wrong elsewhere: commas, long lines, æøå."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from outbox import calendar
from outbox.calendar import CalendarPart
from people.models import User

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""The smallest PNG there is."""

NOVEMBER: dict[str, Any] = {
    "uid": "registration-7-session-3@example.org",
    "sequence": 0,
    "summary": "Tillitsbasert ledelse; del 1, «å gi slipp»",
    "start": dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC),
    "end": dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC),
    "location": "Rådhuset, Bystyresalen\\2. etasje",
    "description": (
        "Vi møtes til kaffe og en prat.\nTa med enhetens oppdrag; det er det vi skal øve på, "
        "og det blir bedre jo flere av dere som har lest det på forhånd.\n\nVelkommen!"
    ),
    "url": "https://portal.example.org/seminarer/12/",
    "now": dt.datetime(2026, 11, 1, 9, 30, 15, tzinfo=dt.UTC),
}
JULY = NOVEMBER | {
    "sequence": 1,
    "start": dt.datetime(2027, 7, 1, 7, 0, tzinfo=dt.UTC),
    "end": dt.datetime(2027, 7, 1, 13, 30, tzinfo=dt.UTC),
}


def invitation(attendee: User, **changes: Any) -> CalendarPart:
    return calendar.request(attendee=attendee, **(NOVEMBER | changes))


def cancellation(attendee: User, **changes: Any) -> CalendarPart:
    return calendar.cancel(attendee=attendee, **(NOVEMBER | {"sequence": 2} | changes))
