"""All want the same one of two sessions held side by side, each on a connection of their own."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from people.models import User
from seminars.models import Registration, Seminar, Session, SessionChoice
from seminars.parallel_sessions.actions import change_choices
from seminars.refusals import SessionIsFull
from seminars.seats.ways_in import register_for_seminar
from tests.cast import Cast
from tests.factories import make_employee
from tests.machine import PATIENCE
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)
from tests.seminars.test_seat_race import all_at_once, patiently

PEOPLE = 24
SEATS = 5

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hall(transactional_db: None, cast: Cast) -> Seminar:
    """Room for all, and in its session A for five."""
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=PEOPLE)


@pytest.fixture
def rooms(hall: Seminar) -> list[Session]:
    return make_choice(hall, SEATS, PEOPLE)


@pytest.fixture
def crowd(hall: Seminar, cast: Cast) -> list[User]:
    return [make_employee(cast.unit, f"Deltaker {number}") for number in range(PEOPLE)]


def in_rooms(hall: Seminar) -> dict[str, int]:
    return dict(Counter(SessionChoice.objects.values_list("session__title", flat=True)))


def test_the_one_all_want_is_given_as_often_as_it_has_seats(hall, rooms, crowd):
    wanted = {rooms[0].choice_group_id: rooms[0].pk}

    def register(person: User) -> None:
        patiently(
            lambda: register_for_seminar(
                seminar=hall, by=person, now=timezone.now(), choices=wanted
            )
        )

    ends = all_at_once(register, crowd)
    assert ends == {"done": SEATS, SessionIsFull.__name__: PEOPLE - SEATS}
    assert in_rooms(hall) == {"A": SEATS}
    assert hall.registrations.count() == SEATS


def test_all_who_change_at_once_fill_it_and_no_more(hall, rooms, cast):
    rows = make_participants(hall, cast.unit, PEOPLE)
    for row in rows:
        choose(row, rooms[1])
    wanted = {rooms[0].choice_group_id: rooms[0].pk}

    def change(person: User) -> None:
        row = Registration.objects.get(user=person)
        patiently(
            lambda: change_choices(registration=row, choices=wanted, by=person, now=timezone.now())
        )

    ends = all_at_once(change, [row.user for row in rows])
    assert ends == {"done": SEATS, SessionIsFull.__name__: PEOPLE - SEATS}
    assert in_rooms(hall) == {"A": SEATS, "B": PEOPLE - SEATS}


def choose_without_the_lock(hall: Seminar, session: Session, person: User, meet) -> None:
    """What the action does, less its lock: all have counted before anybody chooses."""
    row = Registration.objects.get(user=person)
    with transaction.atomic():
        taken = hall.sessions.with_seats_taken().get(pk=session.pk).taken
        meet.wait(PATIENCE)
        if taken < SEATS:
            choose(row, session)


def come_without_choosing(hall: Seminar, crowd: list[User]) -> None:
    for person in crowd:
        make_registration(hall, person)


def test_without_the_lock_the_database_refuses_the_seat_too_many(hall, rooms, crowd):
    come_without_choosing(hall, crowd)
    meet = threading.Barrier(PEOPLE)
    ends = all_at_once(lambda person: choose_without_the_lock(hall, rooms[0], person, meet), crowd)
    assert ends == {"done": SEATS, IntegrityError.__name__: PEOPLE - SEATS}
    assert in_rooms(hall) == {"A": SEATS}


def test_without_lock_and_trigger_the_race_oversells(hall, rooms, crowd):
    """The positive control."""
    come_without_choosing(hall, crowd)
    meet = threading.Barrier(PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE seminars_sessionchoice DISABLE TRIGGER USER")
    try:
        ends = all_at_once(
            lambda person: choose_without_the_lock(hall, rooms[0], person, meet), crowd
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE seminars_sessionchoice ENABLE TRIGGER USER")
    assert ends == {"done": PEOPLE}
    assert in_rooms(hall) == {"A": PEOPLE}
