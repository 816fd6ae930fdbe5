"""The way into a digital meeting: it counts in its time, and shuts nobody out at any other."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from attendance.joining.rules import closed_to_counting, meetings_of, nearest_meeting
from attendance.models import Scan, ScanWay, SessionAttendance
from people.models import User
from seminars.editing.actions import cancel_seminar
from seminars.models import Registration, Seminar, Session
from tests.cast import Cast
from tests.seminars.factories import choose, make_choice, make_registration, make_seminar

LINK = "https://mote.example.org/j/1?pwd=a&b=%22"
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def made_online(cast: Cast, starts_at: dt.datetime) -> Seminar:
    """Digital, for an hour."""
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=starts_at,
        hours=1,
        place_name="",
        meeting_url=LINK,
    )


@pytest.fixture
def online(cast: Cast, now: dt.datetime) -> Seminar:
    """Going on for a minute."""
    return made_online(cast, now - MINUTE)


@pytest.fixture
def own(online: Seminar, cast: Cast, now: dt.datetime) -> Registration:
    return make_registration(online, cast.employee, at=now - 48 * HOUR)


def address(seminar: Seminar) -> str:
    return reverse("attendance:meeting", args=[seminar.pk])


def press(client: Client, seminar: Seminar, user: User) -> str:
    client.force_login(user)
    return client.post(address(seminar)).content.decode()


def test_going_in_counts_and_leads_on_to_the_meeting(online, own, cast, client):
    page = press(client, online, cast.employee)
    assert "Du er ført som møtt" in page
    safe = LINK.replace("&", "&amp;")
    assert f'<meta http-equiv="refresh" content="0; url={safe}">' in page
    assert f'href="{safe}"' in page
    scan = Scan.objects.get()
    assert (scan.way, scan.by, scan.registration) == (ScanWay.MEETING, cast.employee, own)
    recorded = SessionAttendance.objects.filter(registration=own)
    assert list(recorded.values_list("outcome", flat=True)) == ["attended"]


@pytest.mark.parametrize(
    ("begins_in", "words"),
    [(3 * HOUR, "Oppmøtet ditt blir ført når du går inn"), (-2 * HOUR, "ikke ført")],
)
def test_at_other_times_it_counts_nothing_and_gives_the_link(begins_in, words, cast, now, client):
    seminar = made_online(cast, now + begins_in)
    make_registration(seminar, cast.employee, at=now - 48 * HOUR)
    page = press(client, seminar, cast.employee)
    assert words in page
    assert LINK.replace("&", "&amp;") in page
    assert "http-equiv" not in page
    assert Scan.objects.count() == 0


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (-40 * HOUR, "kl. 11.30 eller senere"),
        (-9 * HOUR, "kl. 11.30 eller senere"),
        (-31 * MINUTE, "kl. 11.30 eller senere"),
        (-30 * MINUTE, ""),
        (0 * MINUTE, ""),
        (59 * MINUTE, ""),
        (60 * MINUTE, "Samlingen er over, så oppmøtet blir ikke ført."),
        (60 * HOUR, "Døren er stengt."),
    ],
)
def test_it_counts_from_half_an_hour_before_until_it_is_over(after, words, cast, noon):
    session = made_online(cast, noon).sessions.get()
    told = closed_to_counting(session, noon + after)
    assert words in str(told or "")
    assert (told is None) == (words == "")


def test_before_its_day_begins_it_does_not_count(cast, noon):
    midnight = noon.replace(hour=0)
    session = made_online(cast, midnight + 10 * MINUTE).sessions.get()
    assert "kl. 00.00 eller senere" in str(closed_to_counting(session, midnight - MINUTE))
    assert closed_to_counting(session, midnight) is None


def test_pressed_twice_is_one_scan(online, own, cast, client):
    for _time in range(3):
        assert "Du er ført som møtt" in press(client, online, cast.employee)
    assert Scan.objects.count() == 1


def test_opening_the_page_counts_nothing(online, own, cast, client):
    """Mail scanners and calendars follow links."""
    client.force_login(cast.employee)
    page = client.get(address(online)).content.decode()
    assert "Bli med i møtet" in page
    assert "http-equiv" not in page
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("state", ["waitlisted", "offered", "withdrawn", "removed"])
def test_link_is_for_those_who_have_a_seat(state, online, cast, now, client):
    make_registration(online, cast.employee, state=state, at=now - 48 * HOUR)
    page = press(client, online, cast.employee)
    assert "Du har ingen plass på en samling med digitalt møte her." in page
    assert "mote.example.org" not in page
    assert Scan.objects.count() == 0


def test_meeting_of_a_session_one_did_not_choose_is_not_given(cast, now, client):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=now)
    first, second = make_choice(
        seminar, 20, 20, starts_at=now, form="digital", meeting_url="https://m.example.org/a"
    )
    Session.objects.filter(pk=second.pk).update(meeting_url="https://m.example.org/b")
    own = make_registration(seminar, cast.employee, at=now - 48 * HOUR)
    choose(own, first)
    client.force_login(cast.employee)
    answers = [
        client.post(reverse("attendance:meeting_of_session", args=[seminar.pk, one.pk]))
        for one in (first, second)
    ]
    assert [answer.status_code for answer in answers] == [200, 403]
    assert "m.example.org/b" not in answers[1].content.decode()
    assert [scan.session for scan in Scan.objects.all()] == [first]


def test_of_several_meetings_the_nearest_is_meant(cast, noon):
    seminar = made_online(cast, noon)
    later = seminar.sessions.create(starts_at=noon + 2 * HOUR, ends_at=noon + 3 * HOUR)
    make_registration(seminar, cast.employee, at=noon - 48 * HOUR)
    own = Registration.objects.with_sessions_at_hand().get()
    meetings = meetings_of(own)
    found = [nearest_meeting(meetings, noon + hours * HOUR) for hours in (-30, 0, 1, 2, 50)]
    assert found == [meetings[0], meetings[0], later, later, later]
    assert nearest_meeting([], noon) is None


def test_cancelled_seminar_has_no_meeting(online, own, cast, now, client):
    cancel_seminar(seminar=online, reason="Syk.", by=cast.organiser, now=now)
    page = press(client, online, cast.employee)
    assert "avlyst" in page
    assert "mote.example.org" not in page


def test_sessions_in_a_hall_have_no_meeting(held, participant, client):
    page = press(client, held, participant.user)
    assert "Du har ingen plass på en samling med digitalt møte her." in page


def test_seminars_page_leads_in_by_the_portal_alone(online, own, cast, client):
    client.force_login(cast.employee)
    page = client.get(reverse("seminars:detail", args=[online.pk])).content.decode()
    assert f'action="{address(online)}"' in page
    assert 'href="https://mote.example.org' not in page
