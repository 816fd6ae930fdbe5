"""Fifty people press the button at once, each on a connection of their own.

The positive controls take away one guard after the other: without the lock the database's own guard
still holds, and without both the seminar is sold too many times. If they did not fail, the test
above them would prove nothing.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from outbox.models import Letter
from people.models import User
from seminars.invitations.actions import invite_leaders
from seminars.models import Answer, Question, Registration, SeatPool, Seminar, SessionChoice
from seminars.refusals import AlreadyRegistered, SeatsAreBusy
from seminars.seats.allocation import fill_free_seats, reconcile_waiting_lists
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
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

PEOPLE = 50
SEATS = 7

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def small(transactional_db: None, cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=SEATS)


@pytest.fixture
def crowd(small: Seminar, cast: Cast) -> list[User]:
    return [make_employee(cast.unit, f"Deltaker {number}") for number in range(PEOPLE)]


def all_at_once(work: Callable[[User], object], people: list[User]) -> Counter[str]:
    """Run `work` for each on a thread and connection of its own; how each ended, by name."""
    start = threading.Barrier(len(people))
    ends: list[str] = []

    def run(person: User) -> None:
        connection.ensure_connection()
        start.wait(PATIENCE)
        try:
            work(person)
            ends.append("done")
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


def patiently(action: Callable[[], object]) -> None:
    """Press again when told that it is busy: on a slow machine fifty people take over 3 seconds."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            action()
        except SeatsAreBusy:
            if time.monotonic() > until:
                raise
            continue
        return


def states(seminar: Seminar) -> Counter[str]:
    return Counter(seminar.registrations.values_list("state", flat=True))


def test_fifty_at_once_get_exactly_the_seats_there_are(small, crowd):
    def register(person: User) -> None:
        patiently(lambda: register_for_seminar(seminar=small, by=person, now=timezone.now()))

    assert all_at_once(register, crowd) == {"done": PEOPLE}
    assert states(small) == {"registered": SEATS, "waitlisted": PEOPLE - SEATS}
    assert small.registrations.values("user").distinct().count() == PEOPLE
    assert Counter(Letter.objects.values_list("kind", flat=True)) == {
        "seminars.confirmed": SEATS,
        "seminars.waiting": PEOPLE - SEATS,
    }


def test_the_queue_is_told_its_places_in_order(small, crowd):
    def register(person: User) -> None:
        patiently(lambda: register_for_seminar(seminar=small, by=person, now=timezone.now()))

    all_at_once(register, crowd)
    waiting = list(small.registrations.waiting())
    told = [Letter.objects.get(recipient=row.user, kind="seminars.waiting").text for row in waiting]
    right = [f"nummer {place} på" in text for place, text in enumerate(told, start=1)]
    assert right == [True] * (PEOPLE - SEATS)


def test_one_person_in_fifty_tabs_is_registered_once(small, crowd):
    person = crowd[0]

    def register(_person: User) -> None:
        patiently(lambda: register_for_seminar(seminar=small, by=person, now=timezone.now()))

    assert all_at_once(register, crowd) == {"done": 1, AlreadyRegistered.__name__: PEOPLE - 1}
    assert states(small) == {"registered": 1}
    assert Letter.objects.count() == 1


def test_each_freed_seat_goes_to_one_person_when_all_withdraw_at_once(small, cast):
    seated = make_participants(small, cast.unit, SEATS)
    waiting = make_participants(small, cast.unit, SEATS + 3, state="waitlisted")

    def withdraw(person: User) -> None:
        registration = Registration.objects.get(seminar=small, user=person)
        patiently(
            lambda: withdraw_registration(registration=registration, by=person, now=timezone.now())
        )

    assert all_at_once(withdraw, [row.user for row in seated]) == {"done": SEATS}
    assert states(small) == {"withdrawn": SEATS, "registered": SEATS, "waitlisted": 3}
    promoted = list(small.registrations.filter(state="registered").order_by("queued_at"))
    assert promoted == waiting[:SEATS]
    assert Letter.objects.filter(kind="seminars.promoted").count() == SEATS


def test_two_sweeps_at_once_promote_each_person_once(small, cast):
    waiting = make_participants(small, cast.unit, 10, state="waitlisted")

    def sweep(_person: User) -> None:
        patiently(lambda: fill_free_seats(seminar=small, by=None, now=timezone.now()))

    assert all_at_once(sweep, [row.user for row in waiting]) == {"done": 10}
    assert states(small) == {"registered": SEATS, "waitlisted": 3}
    assert Letter.objects.filter(kind="seminars.promoted").count() == SEATS


# ---- without the guards --------------------------------------------------------------------------


def register_without_the_lock(seminar: Seminar, person: User, meeting: threading.Barrier) -> None:
    """What `allocate_seat` does, less its lock: all have counted before anybody inserts."""
    with transaction.atomic():
        taken = Registration.objects.holding_seat().filter(seminar=seminar).count()
        meeting.wait(PATIENCE)
        state = "registered" if taken < seminar.capacity else "waitlisted"
        make_registration(seminar, person, state=state)


def test_without_the_lock_the_database_refuses_the_seat_too_many(small, crowd):
    meeting = threading.Barrier(PEOPLE)
    ends = all_at_once(lambda person: register_without_the_lock(small, person, meeting), crowd)
    assert ends == {"done": SEATS, IntegrityError.__name__: PEOPLE - SEATS}
    assert states(small) == {"registered": SEATS}


@contextmanager
def without_the_trigger() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE seminars_registration DISABLE TRIGGER USER")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE seminars_registration ENABLE TRIGGER USER")


def test_without_lock_and_trigger_the_race_oversells(small, crowd):
    """The positive control: the race above is a real one, and this harness shows it."""
    meeting = threading.Barrier(PEOPLE)
    with without_the_trigger():
        ends = all_at_once(lambda person: register_without_the_lock(small, person, meeting), crowd)
    assert ends == {"done": PEOPLE}
    assert states(small) == {"registered": PEOPLE}


# ---- waiting, and not for each other -------------------------------------------------------------


@contextmanager
def somebody_holding_the_lock(seminar: Seminar) -> Iterator[None]:
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Seminar.objects.select_for_update(no_key=True).get(pk=seminar.pk)
            held.set()
            let_go.wait(PATIENCE)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(PATIENCE)
    try:
        yield
    finally:
        let_go.set()
        holder.join()


def test_a_lock_that_is_held_ends_in_a_friendly_refusal(small, crowd):
    now, started = timezone.now(), time.monotonic()
    with somebody_holding_the_lock(small), pytest.raises(SeatsAreBusy, match="prøv igjen"):
        register_for_seminar(seminar=small, by=crowd[0], now=now)
    # The lock is held for longer than this, and three seconds are what the action waits.
    assert 2.5 < time.monotonic() - started < PATIENCE / 2
    assert Registration.objects.count() == 0
    assert register_for_seminar(seminar=small, by=crowd[0], now=now).state == "registered"


def test_the_page_asks_to_try_again_when_the_lock_is_held(small, crowd, signed_in):
    browser = signed_in(crowd[0])
    url = reverse("seminars:register", args=[small.pk])
    with somebody_holding_the_lock(small):
        response = browser.post(url)
    assert response.status_code == 200
    assert "prøv igjen" in response.content.decode()


def test_answers_that_had_to_wait_are_shown_again_as_they_were_typed(small, crowd, signed_in):
    question = Question.objects.create(seminar=small, text="Hotell?", kind="text")
    make_registration(small, crowd[0])
    url = reverse("seminars:answer", args=[small.pk])
    with somebody_holding_the_lock(small):
        page = signed_in(crowd[0]).post(url, {f"q{question.pk}": "Ja, to netter"}).content.decode()
    assert "prøv igjen" in page
    assert "Ja, to netter</textarea>" in page
    assert Answer.objects.count() == 0


def test_the_sweep_passes_over_a_seminar_that_is_busy(small, cast):
    other = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    for seminar in (small, other):
        make_participants(seminar, cast.unit, 1, state="waitlisted")
    with somebody_holding_the_lock(small):
        assert reconcile_waiting_lists(now=timezone.now()) == 1
    assert (states(small), states(other)) == ({"waitlisted": 1}, {"registered": 1})


def test_those_who_come_past_the_code_and_those_who_do_not_never_deadlock(small, crowd):
    """Half by the action, half by bare rows for the same people; each waits, none for ever."""

    def mixed(person: User) -> None:
        if person.pk % 2:
            patiently(lambda: register_for_seminar(seminar=small, by=person, now=timezone.now()))
        else:
            make_registration(small, crowd[crowd.index(person) - 1])

    ends = all_at_once(mixed, crowd)
    assert set(ends) <= {"done", IntegrityError.__name__, AlreadyRegistered.__name__}
    assert states(small)["registered"] == SEATS


def test_a_transaction_that_cannot_see_the_others_gets_no_seat(small, crowd, cast):
    """Under REPEATABLE READ the count is of an older world than the lock."""
    (session, _other) = make_choice(small, SEATS, SEATS)
    waiting = make_registration(small, crowd[0], state="waitlisted")
    past_the_code: list[Callable[[], object]] = [
        lambda: make_registration(small, crowd[1]),
        lambda: SeatPool.objects.create(seminar=small, agency=cast.agency, seats=1),
        lambda: choose(waiting, session),
    ]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for write in past_the_code:
            with pytest.raises(DatabaseError, match="READ COMMITTED"), transaction.atomic():
                write()
    assert (states(small), SeatPool.objects.count(), SessionChoice.objects.count()) == (
        {"waitlisted": 1},
        0,
        0,
    )


def test_two_who_invite_at_once_ask_each_leader_once(small, cast, crowd):
    def invite(person: User) -> None:
        patiently(
            lambda: invite_leaders(
                seminar=small, units=[cast.agency], by=person, now=timezone.now()
            )
        )

    assert all_at_once(invite, crowd[:6]) == {"done": 6}
    assert small.invitations.count() == 2
    assert Letter.objects.filter(kind="seminars.invitation").count() == 2


def test_people_register_while_invitations_are_written(small, cast, crowd):
    def register(person: User) -> None:
        patiently(lambda: register_for_seminar(seminar=small, by=person, now=timezone.now()))

    with transaction.atomic():
        invite_leaders(seminar=small, units=[cast.agency], by=cast.organiser, now=timezone.now())
        ends = all_at_once(register, crowd[:2])
    assert ends == {"done": 2}
