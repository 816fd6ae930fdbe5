"""Each occasion as the person's calendar is told of it, against a golden file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import vobject
from icalendar import Calendar

from seminars.editing.actions import cancel_seminar, change_seminar
from seminars.editing.editor_forms import SeminarEditor
from seminars.models import Seminar
from seminars.parallel_sessions.actions import change_choices
from seminars.seats.allocation import fill_free_seats
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from seminars.seminar_content import SeminarContent, SessionContent
from tests.seminars.factories import make_choice, make_registration, make_seminar

GOLDEN = Path(__file__).parent / "golden"
NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def seminar(cast):
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=START,
        room="Store sal",
        registration_opens_at=NOW - dt.timedelta(days=7),
        capacity=1,
    )


def register(seminar, user):
    return register_for_seminar(seminar=seminar, by=user, now=NOW)


def confirm(seminar, cast):
    register(seminar, cast.leader)


def change(seminar, cast):
    register(seminar, cast.leader)
    move(seminar, cast, dt.timedelta(days=120))


def move(seminar, cast, by):
    editor = SeminarEditor(user=cast.organiser, now=NOW, seminar=seminar)
    values = editor.form.initial | {"place_name": "Folkets hus"}
    sessions = [
        row | {"starts_at": row["starts_at"] + by, "ends_at": row["ends_at"] + by}
        for row in editor.sessions.initial
    ]
    content = SeminarContent(**values, sessions=[SessionContent(**row) for row in sessions])
    change_seminar(seminar=seminar, content=content, by=cast.organiser, now=NOW)


def cancel(seminar, cast):
    register(seminar, cast.leader)
    cancel_seminar(seminar=seminar, reason="Streik", by=cast.organiser, now=NOW)


def withdraw(seminar, cast):
    registration = register(seminar, cast.leader)
    withdraw_registration(registration=registration, by=cast.leader, now=NOW)


def promotion(seminar, cast):
    make_registration(seminar, cast.leader, state="waitlisted", at=NOW)
    fill_free_seats(seminar=seminar, by=None, now=NOW)


def several_sessions(seminar, cast):
    start = START + dt.timedelta(days=7)
    seminar.sessions.create(
        starts_at=start, ends_at=start + dt.timedelta(hours=3), title="Del to", room="Lille sal"
    )
    register(Seminar.objects.get(pk=seminar.pk), cast.leader)


def chosen_session(seminar, cast):
    """One goes to A, which is digital, and then to B."""
    ends = START + dt.timedelta(hours=6.5)
    digital = {"form": "digital", "meeting_url": "https://mote.example.org/a"}
    rooms = make_choice(seminar, 1, 1, starts_at=ends)
    type(rooms[0]).objects.filter(pk=rooms[0].pk).update(**digital)
    whole = Seminar.objects.get(pk=seminar.pk)
    choices = {rooms[0].choice_group_id: rooms[0].pk}
    registration = register_for_seminar(seminar=whole, by=cast.leader, now=NOW, choices=choices)
    choices = {rooms[1].choice_group_id: rooms[1].pk}
    change_choices(registration=registration, choices=choices, by=cast.leader, now=NOW)


STORIES = {
    story.__name__: story
    for story in (confirm, change, cancel, withdraw, promotion, several_sessions, chosen_session)
}


def told(seminar, user) -> list[str]:
    """The calendar parts in the order of the letters, rows named and lines unfolded."""
    registration = seminar.registrations.get(user=user)
    parts = []
    for letter in user.letters.exclude(calendar="").order_by("pk"):
        text = letter.calendar.replace("\r\n ", "").replace(registration.calendar_uid, "PLACE")
        for number, session in enumerate(seminar.sessions.order_by("starts_at", "pk"), start=1):
            text = text.replace(f"PLACE-{session.pk}@", f"PLACE-SESSION{number}@")
        parts.append(text.replace(f"/seminarer/{seminar.pk}/", "/seminarer/SEMINAR/"))
    return parts


@pytest.mark.parametrize("name", STORIES)
def test_calendar_is_told_as_the_golden_file_says(name, seminar, cast, settings):
    settings.DEFAULT_FROM_EMAIL = "Lederportalen <lederportalen@example.org>"
    STORIES[name](seminar, cast)
    expected = (GOLDEN / f"{name}.ics").read_bytes().decode()
    assert "".join(told(seminar, cast.leader)) == expected


@pytest.mark.parametrize("name", STORIES)
def test_a_second_reader_finds_the_same_in_the_golden_file(name):
    text = (GOLDEN / f"{name}.ics").read_bytes().decode()
    theirs = [
        (one.vevent.uid.value, one.vevent.sequence.value, one.vevent.dtstart.value)
        for one in vobject.readComponents(text)
    ]
    ours = [
        (str(event["UID"]), str(event["SEQUENCE"]), event.start)
        for whole in Calendar.from_ical(text, multiple=True)
        for event in whole.events
    ]
    assert [(uid, seq, start.astimezone(dt.UTC)) for uid, seq, start in theirs] == [
        (uid, seq, start.astimezone(dt.UTC)) for uid, seq, start in ours
    ]
