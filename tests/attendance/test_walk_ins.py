"""Who comes in at the door."""

from __future__ import annotations

import datetime as dt

import pytest

from attendance.models import Attendance
from attendance.walk_ins.actions import register_walk_in
from seminars.models import Registration
from seminars.refusals import Full, NotOpen
from tests.seminars.factories import make_choice, make_registration, make_seminar


@pytest.fixture
def full(cast):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_registration(seminar, cast.employee)
    return seminar


def test_walk_in_has_a_seat_and_has_attended(cast, seminar):
    begun = seminar.starts_at + dt.timedelta(minutes=5)
    row = register_walk_in(seminar=seminar, user=cast.stranger, by=cast.organiser, now=begun)
    assert row.state == "registered"
    assert Attendance.objects.get(registration=row).outcome == "attended"


def test_walk_in_to_a_full_hall_is_turned_away(cast, full):
    begun = full.starts_at + dt.timedelta(minutes=5)
    with pytest.raises(Full):
        register_walk_in(seminar=full, user=cast.stranger, by=cast.organiser, now=begun)
    assert Registration.objects.count() == 1


def test_nobody_walks_in_before_it_begins_or_after_it_ends(cast, seminar, now):
    for at, words in ((now, "ikke startet"), (seminar.ends_at + dt.timedelta(hours=1), "over")):
        with pytest.raises(NotOpen, match=words):
            register_walk_in(seminar=seminar, user=cast.stranger, by=cast.organiser, now=at)


def test_walk_in_is_placed_in_a_session_too(cast, seminar):
    _here, there = make_choice(seminar, 14, 16)
    begun = seminar.starts_at + dt.timedelta(minutes=5)
    row = register_walk_in(seminar=seminar, user=cast.stranger, by=cast.organiser, now=begun)
    assert [choice.session for choice in row.choices.all()] == [there]
