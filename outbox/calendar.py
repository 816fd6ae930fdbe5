"""Invitations and cancellations that Outlook and others put in the calendar (iMIP, RFC 6047).

ORGANIZER is a mailbox of the portal and never the recipient: Outlook answers «Meeting cannot be
found» to an invitation from oneself. One ATTENDEE a message, so that nobody learns from the file
who else is coming. No VALARM: each person's own calendar knows when it is to warn.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

from common.text import exportable
from people.models import User

OSLO = ZoneInfo("Europe/Oslo")
PRODUCT = "-//Lederportalen//Lederportalen//NO"
MEETINGS_KEPT = 500
_BEGIN, _END = "BEGIN:VEVENT\r\n", "END:VEVENT\r\n"
_CLOSING = "END:VCALENDAR\r\n"
_ATTENDEE = re.compile(r"^ATTENDEE[;:][^\r\n]*\r\n(?: [^\r\n]*\r\n)*", re.MULTILINE)
"""The line with those it is folded into (RFC 5545, 3.1)."""


@dataclasses.dataclass(frozen=True, slots=True)
class CalendarPart:
    """One iCalendar object and the iTIP method it is sent under (RFC 5546)."""

    method: str
    ics: str


def request(
    *,
    uid: str,
    sequence: int,
    summary: str,
    start: dt.datetime,
    end: dt.datetime,
    location: str,
    description: str,
    url: str,
    attendee: User,
    now: dt.datetime,
    contact: str = "",
) -> CalendarPart:
    """Puts a meeting in the attendee's calendar, or moves it: same `uid`, higher `sequence`."""
    words = summary, location, description, url, contact
    meeting = _meeting("CONFIRMED", "OPAQUE", start, end, words, settings.DEFAULT_FROM_EMAIL)
    invited = _attendee(attendee, answer="NEEDS-ACTION")
    return _part("REQUEST", _stamp(uid, sequence, now), meeting, invited)


def cancel(
    *,
    uid: str,
    sequence: int,
    summary: str,
    start: dt.datetime,
    end: dt.datetime,
    location: str,
    description: str,
    url: str,
    attendee: User,
    now: dt.datetime,
    contact: str = "",
) -> CalendarPart:
    """Takes the meeting out again; `sequence` is higher than that of the last request."""
    words = summary, location, description, url, contact
    meeting = _meeting("CANCELLED", "TRANSPARENT", start, end, words, settings.DEFAULT_FROM_EMAIL)
    return _part("CANCEL", _stamp(uid, sequence, now), meeting, _attendee(attendee))


def _stamp(uid: str, sequence: int, now: dt.datetime) -> str:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(dt.UTC))
    return _lines(event)


@functools.lru_cache(MEETINGS_KEPT)
def _meeting(
    status: str,
    transparency: str,
    start: dt.datetime,
    end: dt.datetime,
    words: tuple[str, str, str, str, str],
    sender: str,
) -> str:
    """What stands alike in everybody's calendar."""
    event = Event()
    event.add("dtstart", start.astimezone(OSLO))
    event.add("dtend", end.astimezone(OSLO))
    event.add("organizer", _organizer(sender), encode=False)
    summary, *others = words
    event.add("summary", exportable(summary))
    for name, value in zip(("location", "description", "url", "contact"), others, strict=True):
        if value:
            event.add(name, exportable(value))
    event.add("status", status)
    event.add("transp", transparency)
    return _lines(event)


def _lines(event: Event) -> str:
    """The event's own lines, without its beginning and its end."""
    return str(event.to_ical(sorted=False).decode()).removeprefix(_BEGIN).removesuffix(_END)


def _organizer(sender: str) -> vCalAddress:
    name, address = parseaddr(sender)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(name or "Lederportalen")
    return organizer


def _attendee(user: User, *, answer: str | None = None) -> str:
    """With the answer that is asked for; a cancellation asks for none.

    Nothing of somebody without an address: the file is theirs to take down in the portal.
    """
    if user.email is None:
        return ""
    attendee = vCalAddress(f"mailto:{user.email}")
    attendee.params["CN"] = vText(exportable(user.name))
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    if answer is not None:
        attendee.params["PARTSTAT"] = vText(answer)
        attendee.params["RSVP"] = vText("TRUE")
    event = Event()
    event.add("attendee", attendee, encode=False)
    return _lines(event)


def readdressed(ics: str, *, to: User) -> str:
    """Return a calendar part with the address that its attendee has now.

    Outlook takes no notice of an invitation to an address that is not the mailbox's own.
    """
    answer = "NEEDS-ACTION" if "PARTSTAT" in ics else None
    return _ATTENDEE.sub(lambda _found: _attendee(to, answer=answer), ics)


def _part(method: str, *lines: str) -> CalendarPart:
    whole = [_opening(method), _BEGIN, *lines, _END, _CLOSING]
    return CalendarPart(method, "".join(whole))


@functools.cache
def _opening(method: str) -> str:
    """All that stands before the event, the time zone too, is the same in every letter."""
    return str(blank(method).to_ical(sorted=False).decode().removesuffix(_CLOSING))


def blank(method: str) -> Calendar:
    """A calendar with its time zone and no event yet."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_oslo_timezone())
    return calendar


def _oslo_timezone() -> Timezone:
    """Europe/Oslo by the rule of the European Union, as it has been since 1996.

    Written as yearly RRULEs: the library would write RDATE lists, which Exchange may leave unread,
    and then every time is an hour off for half the year.
    """
    zone = Timezone()
    zone.add("tzid", "Europe/Oslo")
    for observance, name, begins, offset_from, offset_to in (
        (TimezoneDaylight(), "CEST", _local("1996-03-31T02:00"), 1, 2),
        (TimezoneStandard(), "CET", _local("1996-10-27T03:00"), 2, 1),
    ):
        observance.add("dtstart", begins)
        observance.add("tzoffsetfrom", dt.timedelta(hours=offset_from))
        observance.add("tzoffsetto", dt.timedelta(hours=offset_to))
        observance.add("tzname", name)
        rule = {"freq": "yearly", "bymonth": begins.month, "byday": "-1su"}
        observance.add("rrule", vRecur(rule))
        zone.add_component(observance)
    return zone


def _local(moment: str) -> dt.datetime:
    """A wall-clock time: an observance begins in the time that it ends."""
    return dt.datetime.fromisoformat(moment)
