"""The personal calendar feed: who reads it, what it says, and when it stops."""

from __future__ import annotations

import datetime as dt

import pytest
import vobject
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from people.models import AuditRecord
from seminars import calendar
from seminars.calendar_feed.actions import open_calendar_feed
from seminars.calendar_feed.feed import LOOKS_BACK, read_feed
from seminars.models import CalendarFeed, Seminar
from tests.seminars.factories import make_registration, make_seminar

DAY = dt.timedelta(days=1)


@pytest.fixture
def token(leader, now):
    return open_calendar_feed(by=leader, now=now)


def read(token, **headers):
    return Client().get(reverse("seminars:feed", args=[token]), headers=headers)


def summaries(response):
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(response.content).events]


def test_feed_has_own_certain_seats_in_seminars_that_are_held(cast, leader, token, now):
    def make(title, **fields):
        return make_seminar(cast.agency, created_by=cast.organiser, title=title, **fields)

    make_registration(make("Snart", starts_at=now + 3 * DAY), leader)
    make_registration(make("Nylig", starts_at=now - 30 * DAY), leader)
    make_registration(make("Lenge siden", starts_at=now - 120 * DAY), leader)
    make_registration(make("Avlyst", state="cancelled"), leader)
    make_registration(make("Venter"), leader, state="waitlisted")
    make_registration(make("Meldt av"), leader, state="withdrawn")
    make_registration(make("En annens"), cast.employee)
    response = read(token)
    assert summaries(response) == ["Nylig", "Snart"]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"


def test_a_seminar_stays_in_the_feed_until_so_long_after_its_end(cast, leader, token, now):
    held = make_seminar(cast.agency, created_by=cast.organiser, starts_at=now - 9 * DAY)
    make_registration(held, leader)
    last = held.ends_at + LOOKS_BACK
    times = (last, last + dt.timedelta(microseconds=1))
    found = [b"BEGIN:VEVENT" in read_feed(token, now=moment).body for moment in times]
    assert found == [True, False]


def test_each_session_is_an_event_with_the_uid_of_the_invitation(seminar, leader, token, now):
    start = seminar.ends_at + DAY
    seminar.sessions.create(starts_at=start, ends_at=start + DAY / 24, title="Del to")
    registration = make_registration(seminar, leader)
    sent = [
        str(event["UID"])
        for part in calendar.requests(registration, seminar.sessions.all(), now=now)
        for event in Calendar.from_ical(part.ics).events
    ]
    body = read(token).content.decode()
    events = list(vobject.readOne(body).vevent_list)
    assert [event.uid.value for event in events] == sent
    assert [event.summary.value for event in events] == [
        "Tillitsbasert ledelse",
        "Tillitsbasert ledelse: Del to",
    ]
    assert events[1].dtstart.value == start.replace(microsecond=0)
    assert body.count("BEGIN:VTIMEZONE") == 1
    assert ("ATTENDEE" in body, "ORGANIZER" in body) == (False, False)


def test_feed_without_seminars_is_a_calendar_still(token):
    whole = vobject.readOne(read(token).content.decode())
    assert whole.method.value == "PUBLISH"
    assert next(iter(whole.components())).name == "VTIMEZONE"


def test_feed_is_not_sent_again_until_something_is_new(seminar, leader, token):
    registration = make_registration(seminar, leader)
    first = read(token)
    assert read(token)["ETag"] == first["ETag"]
    assert read(token, if_none_match=first["ETag"]).status_code == 304
    assert read(token, if_modified_since=first["Last-Modified"]).status_code == 304
    Seminar.objects.filter(pk=seminar.pk).update(title="Nytt navn")
    type(registration).objects.filter(pk=registration.pk).update(calendar_sequence=1)
    again = read(token, if_none_match=first["ETag"])
    assert (again.status_code, summaries(again)) == (200, ["Nytt navn"])
    assert CalendarFeed.objects.get().content_hash == again["ETag"].strip('"')


@pytest.mark.parametrize("language", ["nb", "en"])
def test_feed_answers_in_its_owners_language_to_nobody_signed_in(leader, token, language):
    leader.language = language
    leader.save(update_fields=["language"])
    assert read(token).status_code == 200


def test_address_is_seen_once_and_kept_as_a_hash(signed_in, leader):
    browser, url = signed_in(leader), reverse("seminars:calendar_feed")
    assert b"Lag adressen" in browser.get(url).content
    response = browser.post(url)
    address = response.context["address"]
    assert response["Cache-Control"] == "no-store"
    assert Client().get(address).status_code == 200
    again = browser.get(url)
    assert address.encode() not in again.content
    assert CalendarFeed.objects.get().token_hash not in address


def test_new_address_ends_the_old_one(signed_in, leader, token):
    browser = signed_in(leader)
    address = browser.post(reverse("seminars:calendar_feed")).context["address"]
    assert (read(token).status_code, Client().get(address).status_code) == (404, 200)
    browser.post(reverse("seminars:close_calendar_feed"))
    browser.post(reverse("seminars:close_calendar_feed"))
    assert Client().get(address).status_code == 404
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "seminars.open_calendar_feed",
        "seminars.open_calendar_feed",
        "seminars.close_calendar_feed",
    ]


def test_feed_of_somebody_who_has_left_is_closed(leader, token, now):
    leader.positions.update(valid_to=now.date() - DAY)
    leader.role_grants.all().delete()
    assert read(token).status_code == 404


def test_person_has_one_open_feed(leader, token):
    with pytest.raises(IntegrityError, match="calendar_feed_is_one_while_open"):
        CalendarFeed.objects.create(user=leader, token_hash="x" * 64)


def test_address_opens_one_feed(leader, cast, token):
    taken = CalendarFeed.objects.get().token_hash
    with pytest.raises(IntegrityError, match="token_hash"):
        CalendarFeed.objects.create(user=cast.employee, token_hash=taken)


def test_feed_asks_as_much_whatever_the_number(cast, leader, token, now, django_assert_num_queries):
    for number in range(12):
        seminar = make_seminar(cast.agency, created_by=cast.organiser, starts_at=now + number * DAY)
        make_registration(seminar, leader)
    read(token)
    with django_assert_num_queries(5):
        read(token)
