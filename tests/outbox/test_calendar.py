from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from icalendar import Calendar

from outbox.calendar import CalendarPart
from people.models import User
from tests.outbox.parts import JULY, NOVEMBER, cancellation, invitation

GOLDEN = Path(__file__).parent / "golden"
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def attendee(settings: Any) -> User:
    settings.DEFAULT_FROM_EMAIL = "Lederportalen <lederportalen@example.org>"
    return User(name="Åse Bjørk, rådgiver", email="ase.bjork@example.org")


PARTS = {
    "request_november": lambda user: invitation(user),
    "request_moved_to_july": lambda user: invitation(user, **JULY),
    "cancel_november": lambda user: cancellation(user),
    "request_without_place": lambda user: invitation(user, location="", description="", url=""),
}


@pytest.mark.parametrize("name", PARTS)
def test_part_is_the_golden_file_byte_for_byte(name: str, attendee: User) -> None:
    part = PARTS[name](attendee)
    assert part.ics.encode() == (GOLDEN / f"{name}.ics").read_bytes()


def event_of(part: CalendarPart) -> Any:
    return vobject.readOne(part.ics).vevent


@pytest.mark.parametrize("name", PARTS)
def test_both_parsers_read_the_same(name: str, attendee: User) -> None:
    part = PARTS[name](attendee)
    theirs = event_of(part)
    ours = next(iter(Calendar.from_ical(part.ics).events))
    assert theirs.uid.value == str(ours["UID"]) == NOVEMBER["uid"]
    assert int(theirs.sequence.value) == ours["SEQUENCE"]
    assert theirs.summary.value == str(ours["SUMMARY"]) == NOVEMBER["summary"]
    assert theirs.dtstart.value.astimezone(dt.UTC) == ours.start.astimezone(dt.UTC)
    assert theirs.dtend.value.astimezone(dt.UTC) == ours.end.astimezone(dt.UTC)
    assert theirs.organizer.value == str(ours["ORGANIZER"]) == "mailto:lederportalen@example.org"


def test_words_come_through_escaping_and_folding(attendee: User) -> None:
    event = event_of(invitation(attendee))
    assert event.location.value == NOVEMBER["location"]
    assert event.description.value == NOVEMBER["description"]
    assert event.url.value == NOVEMBER["url"]


def zone_in(part: CalendarPart) -> dt.tzinfo:
    """The time zone as the file itself has it; calendar libraries prefer their own tables."""
    return tzical(io.StringIO(part.ics)).get("Europe/Oslo")


@pytest.mark.parametrize("when", [NOVEMBER, JULY], ids=["winter", "summer"])
def test_time_is_right_by_the_files_own_rules(when: dict[str, Any], attendee: User) -> None:
    part = invitation(attendee, **when)
    event, zone = event_of(part), zone_in(part)
    assert event.dtstart.value.replace(tzinfo=zone).astimezone(dt.UTC) == when["start"]
    assert event.dtend.value.replace(tzinfo=zone).astimezone(dt.UTC) == when["end"]


@pytest.mark.parametrize("year", [2026, 2027, 2035, 2037])
def test_rules_change_the_clock_when_norway_does(year: int, attendee: User) -> None:
    zone = zone_in(invitation(attendee))
    hours = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=h) for h in range(8760)]
    assert [hour.astimezone(zone).replace(tzinfo=None) for hour in hours] == [
        hour.astimezone(OSLO).replace(tzinfo=None) for hour in hours
    ]


def test_zone_has_yearly_rules_and_no_list_of_dates(attendee: User) -> None:
    ics = invitation(attendee).ics
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in ics
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in ics
    assert "RDATE" not in ics
    assert ics.count("BEGIN:VTIMEZONE") == 1


def test_lines_end_in_crlf_and_are_at_most_75_bytes(attendee: User) -> None:
    ics = invitation(attendee).ics
    assert "\n" not in ics.replace("\r\n", "")
    assert max(len(line.encode()) for line in ics.split("\r\n")) <= 75


def test_one_attendee_and_never_the_organizer(attendee: User) -> None:
    event = event_of(invitation(attendee))
    assert [a.value for a in event.attendee_list] == ["mailto:ase.bjork@example.org"]
    assert event.attendee.params["CN"] == ["Åse Bjørk, rådgiver"]
    assert event.organizer.value != event.attendee.value


def test_no_alarm_is_set_in_anybodys_calendar(attendee: User) -> None:
    assert "VALARM" not in invitation(attendee).ics + cancellation(attendee).ics


def test_request_asks_for_an_answer(attendee: User) -> None:
    part = invitation(attendee)
    event = event_of(part)
    assert part.method == "REQUEST"
    assert vobject.readOne(part.ics).method.value == "REQUEST"
    assert event.status.value == "CONFIRMED"
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert event.attendee.params["RSVP"] == ["TRUE"]


def test_cancel_takes_out_what_the_request_put_in(attendee: User) -> None:
    part, before = cancellation(attendee), event_of(invitation(attendee))
    event = event_of(part)
    assert (part.method, vobject.readOne(part.ics).method.value) == ("CANCEL", "CANCEL")
    assert event.uid.value == before.uid.value
    assert int(event.sequence.value) > int(before.sequence.value)
    assert event.status.value == "CANCELLED"
    assert "RSVP" not in event.attendee.params


def test_stamp_is_the_moment_it_was_told_in_utc(attendee: User) -> None:
    told = dt.datetime(2026, 7, 1, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    event = event_of(invitation(attendee, now=told))
    assert event.dtstamp.value == told
    assert "DTSTAMP:20260701T083000Z" in invitation(attendee, now=told).ics


def test_a_name_cannot_add_lines_to_the_file(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "lederportalen@example.org"
    sly = User(name='Eve"\r\nATTENDEE:mailto:all@example.org', email="eve@example.org")
    event = event_of(invitation(sly, summary="Kurs\r\nATTENDEE:mailto:all@example.org"))
    assert [a.value for a in event.attendee_list] == ["mailto:eve@example.org"]
    assert event.organizer.params["CN"] == ["Lederportalen"]
