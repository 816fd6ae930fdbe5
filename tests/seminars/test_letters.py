"""Each letter in each language: a subject, words, links that lead on, a calendar where due."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import vobject
from django.urls import resolve

from common import dates
from common.languages import LANGUAGES
from seminars import calendar, letters
from seminars.models import Invitation
from seminars.parallel_sessions.actions import change_choices
from seminars.seats.ways_in import register_for_seminar
from tests.seminars.factories import make_choice, make_registration, make_seminar

ABOUT_OFFERS = ("offered", "offer_expired")
WITH_CALENDAR = ("confirmed", "promoted", "changed")
WITH_CANCELLATION = ("withdrawn", "cancelled")


def last(user):
    return user.letters.order_by("-pk").first()


def write(letter: str, registration, now) -> None:
    sessions = registration.seminar.sessions.all()
    if letter in WITH_CALENDAR:
        parts = calendar.requests(registration, sessions, now=now)
    else:
        parts = calendar.cancellations(registration, sessions, now=now)
    if letter == "waiting":
        letters.waiting(registration, place=4, by=registration.user)
    elif letter == "removed":
        letters.removed(registration, parts, reason="Dobbelt & <b>feil</b>")
    elif letter == "offer_expired":
        letters.offer_expired(registration, is_open=True)
    elif letter in ABOUT_OFFERS:
        getattr(letters, letter)(registration)
    elif letter == "changed":
        letters.changed(registration, parts, began_at=registration.seminar.starts_at)
    elif letter == "cancelled":
        letters.cancelled(registration, parts)
    else:
        getattr(letters, letter)(registration, parts, by=registration.user)


@pytest.mark.parametrize("letter", ["awaiting", "approval_wanted", "not_approved"])
def test_letters_about_approval_lead_on_and_touch_no_calendar(cast, leader, now, letter):
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, title="Mål & mening", approval_days=3
    )
    row = make_registration(seminar, leader, state="awaiting", approver=cast.manager)
    told = cast.manager if letter == "approval_wanted" else leader
    if letter == "not_approved":
        letters.not_approved(row, by=cast.manager, reason="Dobbelt & <b>feil</b>")
    elif letter == "awaiting":
        letters.awaiting(row, by=row.user)
    else:
        letters.approval_wanted(row)
    written = last(told)
    assert "«Mål & mening»" in written.subject
    assert ("&amp;" in written.text, "Mål &amp; mening" in written.html) == (False, True)
    assert ("<b>" in written.html.replace("<b>feil", "!"), written.calendar_method) == (False, "")
    for path in re.findall(r"https?://[^/]+(/\S+)", written.text):
        assert resolve(path.rstrip(".,)"))


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize(
    "letter", [*WITH_CALENDAR, *WITH_CANCELLATION, *ABOUT_OFFERS, "waiting", "removed"]
)
def test_each_letter_says_what_it_is_about(cast, leader, now, letter, language):
    leader.language = language
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Mål & mening",
        starts_at=dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC),
    )
    state = "offered" if letter == "offered" else "registered"
    write(letter, make_registration(seminar, leader, state=state), now)
    written = last(leader)
    assert {"nb": "«Mål & mening»", "en": "“Mål & mening”"}[language] in written.subject
    assert ("&amp;" in written.text, "Mål &amp; mening" in written.html) == (False, True)
    assert {"nb": "09.00–15.30", "en": "09:00–15:30"}[language] in written.text
    assert written.language == language
    links = re.findall(r"http://testserver(/\S+)", written.text)
    assert [resolve(link).namespace for link in links] == ["seminars"] * len(links)
    assert len(links) >= 1
    assert written.about_type == "seminars.registration"


def test_a_reason_is_quoted_and_escaped(seminar, leader, now):
    write("removed", make_registration(seminar, leader), now)
    written = last(leader)
    assert "> Dobbelt & <b>feil</b>" in written.text
    assert "<b>feil" not in written.html


def test_the_same_cause_is_written_once(seminar, leader, now):
    registration = make_registration(seminar, leader)
    for _again in range(2):
        write("confirmed", registration, now)
    assert leader.letters.count() == 1


def test_each_further_session_has_a_letter_of_its_own(seminar, leader, now):
    for number, title in ((1, ""), (2, "Veien videre")):
        seminar.sessions.create(
            title=title,
            starts_at=seminar.ends_at + dt.timedelta(days=number),
            ends_at=seminar.ends_at + dt.timedelta(days=number, hours=1),
        )
    write("confirmed", make_registration(seminar, leader), now)
    rows = list(leader.letters.order_by("pk"))
    assert [row.kind for row in rows] == [
        "seminars.confirmed",
        "seminars.session",
        "seminars.session",
    ]
    assert [row.calendar.count("BEGIN:VEVENT") for row in rows] == [1, 1, 1]
    untitled = seminar.sessions.all()[1]
    when = dates.span(untitled.starts_at, untitled.ends_at)
    assert [row.subject for row in rows[1:]] == [
        f"Til kalenderen: {when} («Tillitsbasert ledelse»)",
        "Til kalenderen: Veien videre («Tillitsbasert ledelse»)",
    ]
    assert rows[1].text.count(when) == 1


def test_the_letter_that_takes_a_session_away_names_that_session(cast, seminar, leader, now):
    first, second = make_choice(seminar, 30, 30)
    chosen = {first.choice_group_id: first.pk}
    row = register_for_seminar(seminar=seminar, by=leader, choices=chosen, now=now)
    other = {first.choice_group_id: second.pk}
    change_choices(registration=row, choices=other, by=leader, now=now)
    gone = leader.letters.filter(calendar_method="CANCEL").get()
    assert gone.subject == "Ut av kalenderen: A («Tillitsbasert ledelse»)"
    assert "Dette brevet tar bort samlingen fra kalenderen din." in gone.text


def test_a_second_reader_finds_the_same_event(seminar, leader, now):
    """vobject shares no code with the library that wrote it."""
    seminar.room = "Store sal"
    registration = make_registration(seminar, leader)
    registration.seminar = seminar
    (part,) = calendar.requests(registration, seminar.sessions.all(), now=now)
    read = vobject.readOne(part.ics)
    assert read.method.value == "REQUEST"
    assert read.vevent.dtstart.value == seminar.starts_at.replace(microsecond=0)
    assert read.vevent.summary.value == seminar.title
    assert read.vevent.location.value == "Rådhuset, Store sal"
    assert read.vevent.attendee.value == f"mailto:{leader.email}"
    assert read.vevent.organizer.value != read.vevent.attendee.value
    assert read.vevent.sequence.value == "0"


@pytest.mark.parametrize(
    ("fields", "room", "place"),
    [
        ({"place_name": "Rådhuset", "address": "Torget 1"}, "", "Rådhuset, Torget 1"),
        ({"place_name": "Rådhuset", "room": "A"}, "B", "Rådhuset, B"),
        ({"place_name": "", "meeting_url": "https://m.example.org"}, "", "https://m.example.org"),
        (
            {"place_name": "Rådhuset", "meeting_url": "https://m.example.org"},
            "",
            "Rådhuset",
        ),
    ],
)  # fmt: skip
def test_session_place_is_where_to_go(cast, fields, room, place):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, **fields)
    session = seminar.sessions.get()
    session.room = room
    assert calendar.session_place(session) == place


def test_downloadable_needs_a_session(seminar, leader, now):
    with pytest.raises(ValueError, match="at least one session"):
        calendar.downloadable(make_registration(seminar, leader), [], now=now)


@pytest.mark.parametrize("letter", ["invitation", "invitation_cancelled"])
def test_invitations_hold_no_seat_and_no_calendar(seminar, leader, letter):
    seminar.cancel_reason = "Streik"
    invited = Invitation.objects.create(seminar=seminar, user=leader)
    getattr(letters, letter)(invited)
    written = last(leader)
    assert (written.calendar, written.about_type) == ("", "seminars.invitation")
    assert "«Tillitsbasert ledelse»" in written.subject


@pytest.mark.parametrize("letter", ["confirmed", "waiting"])
def test_the_next_to_come_reads_what_has_been_changed_since(cast, seminar, now, letter):
    state = "registered" if letter == "confirmed" else "waitlisted"
    texts = []
    for person, place in ((cast.leader, "Sal A"), (cast.employee, "Sal B")):
        seminar.place_name = place
        write(letter, make_registration(seminar, person, state=state), now)
        texts.append(last(person).text)
    assert [place in text for place, text in zip(("Sal A", "Sal B"), texts, strict=True)] == [
        True,
        True,
    ]
    assert [
        f"Hei, {one.given_name}!" in text
        for one, text in zip((cast.leader, cast.employee), texts, strict=True)
    ] == [True, True]
