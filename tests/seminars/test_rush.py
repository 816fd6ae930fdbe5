"""A thousand leaders of 43 agencies for 300 seats, 32 at a time, while seats come and go.

The same crowd past the lock and the guards sells too many: if it did not, the test above it would
prove nothing.
"""

from __future__ import annotations

import datetime as dt
import queue
import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from outbox.models import Letter
from people.models import Leadership, Position, Unit, User
from seminars.editing.actions import change_seminar
from seminars.models import Registration, Seminar
from seminars.offers.actions import accept_offer
from seminars.pools.actions import release_pool, reserve_seats
from seminars.seats.free_seats import free_seats
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.factories import make_unit
from tests.machine import PATIENCE
from tests.seminars.factories import make_seminar
from tests.seminars.test_organising import content_of
from tests.seminars.test_seat_race import patiently, without_the_trigger

AGENCIES, LEADERS, SEATS, AT_ONCE = 43, 1_000, 300, 32
POOLS, OF_EACH = 20, 5

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agencies(transactional_db: None, cast: Cast) -> list[Unit]:
    return [make_unit(f"Etat {number}", parent=cast.municipality) for number in range(AGENCIES)]


@pytest.fixture
def leaders(agencies: list[Unit], cast: Cast, today: dt.date) -> list[User]:
    """Each leads a unit below one of the agencies; made in bulk, for they are many."""
    people = User.objects.bulk_create(
        User(email=f"leder{n}@example.org", name=f"Leder {n}", password="!") for n in range(LEADERS)
    )
    units = Unit.objects.bulk_create(
        Unit(
            name=f"Enhet {n}",
            hr_id=f"rush-{n}",
            level="unit",
            level_name="enhet",
            parent=agencies[n % AGENCIES],
            agency=agencies[n % AGENCIES],
            valid_from=today,
        )
        for n in range(LEADERS)
    )
    pairs = list(zip(people, units, strict=True))
    begun = {"valid_from": today}
    Position.objects.bulk_create(
        Position(user=user, unit=unit, title="Leder", **begun) for user, unit in pairs
    )
    Leadership.objects.bulk_create(
        Leadership(user=user, unit=unit, **begun) for user, unit in pairs
    )
    return people


@pytest.fixture
def hall(agencies: list[Unit], cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=SEATS)


def crowd(jobs: list[Callable[[], object]]) -> Counter[str]:
    """32 connections take the jobs in turn; how each job ended, by name."""
    waiting: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    ends: list[str] = []
    start = threading.Barrier(AT_ONCE)

    def run() -> None:
        connection.ensure_connection()
        start.wait(PATIENCE)
        while True:
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                break
            ends.append(ended(job))
        connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


def ended(job: Callable[[], object]) -> str:
    try:
        patiently(job)
    except Exception as error:
        return type(error).__name__
    return "done"


def test_rush_of_a_thousand_never_sells_a_seat_too_many(hall, agencies, leaders, cast):
    dice = random.Random(2026)  # noqa: S311
    now = timezone.now()
    pools = [
        reserve_seats(
            seminar=hall, agency=agency, seats=OF_EACH, release_at=None, by=cast.organiser, now=now
        )
        for agency in agencies[:POOLS]
    ]

    def come(person: User) -> Callable[[], object]:
        return lambda: register_for_seminar(seminar=hall, by=person, now=timezone.now())

    def leave(person: User) -> Callable[[], object]:
        def job() -> None:
            row = Registration.objects.active().filter(seminar=hall, user=person).first()
            if row is not None:
                withdraw_registration(registration=row, by=person, now=timezone.now())

        return job

    def resize(seats: int) -> Callable[[], object]:
        def job() -> None:
            fresh = Seminar.objects.get(pk=hall.pk)
            content = content_of(fresh, capacity=seats)
            change_seminar(seminar=fresh, content=content, by=cast.organiser, now=timezone.now())

        return job

    def release(number: int) -> Callable[[], object]:
        return lambda: release_pool(pool=pools[number], by=cast.organiser, now=timezone.now())

    jobs = [come(person) for person in leaders]
    for number, person in enumerate(dice.sample(leaders, 120)):
        jobs.insert(min(300 + number * 5, len(jobs)), leave(person))
    for number, seats in enumerate((310, 305, 320)):
        jobs.insert(500 + 150 * number, resize(seats))
    for number in range(5):
        jobs.insert(600 + 80 * number, release(number))
    ends = crowd(jobs)

    assert set(ends) <= {"done", "CapacityTooLow"}
    assert ends["done"] >= len(jobs) - 3
    assert faults(now=timezone.now() + dt.timedelta(hours=1)) == []
    hall.refresh_from_db()
    held = hall.registrations.holding_seat()
    free = free_seats(hall, timezone.now())
    assert held.count() + sum(left for _pool, left in free.pools.values()) == hall.capacity
    assert (free.open_left, free.agencies_with_seats()) == (0, [])
    told_of_a_seat = Letter.objects.filter(
        kind__in=["seminars.confirmed", "seminars.promoted"]
    ).values_list("about_id", flat=True)
    had_seats = hall.registrations.filter(confirmed_at__isnull=False)
    assert sorted(told_of_a_seat) == sorted(
        str(pk) for pk in had_seats.values_list("pk", flat=True)
    )
    assert Letter.objects.filter(kind="seminars.waiting").count() == (
        hall.registrations.count() - Letter.objects.filter(kind="seminars.confirmed").count()
    )


def test_same_rush_past_lock_and_guards_oversells(hall, leaders):
    """Everybody of a round counts before anybody of it is written: there is nothing to wait for."""
    meeting = threading.Barrier(AT_ONCE)
    Seminar.objects.update(capacity=5)

    def come(person: User) -> Callable[[], object]:
        def job() -> None:
            with transaction.atomic():
                taken = Registration.objects.holding_seat().filter(seminar=hall).count()
                meeting.wait(PATIENCE)
                now = timezone.now()
                is_free = taken < 5
                Registration.objects.create(
                    seminar=hall,
                    user=person,
                    state="registered" if is_free else "waitlisted",
                    confirmed_at=now if is_free else None,
                    registered_by=person,
                )

        return job

    with without_the_trigger():
        ends = crowd([come(person) for person in leaders[: AT_ONCE * 2]])
    assert ends == {"done": AT_ONCE * 2}
    assert hall.registrations.holding_seat().count() > 5
    assert "the hall is never oversold" in {fault.invariant for fault in faults(now=timezone.now())}


def test_offer_pressed_by_many_hands_at_once_is_one_seat(hall, cast, leaders):
    later = timezone.now() + dt.timedelta(hours=1)
    offer = Registration.objects.create(
        seminar=hall, user=leaders[0], state="offered", expires_at=later, registered_by=leaders[0]
    )

    def press() -> None:
        accept_offer(registration=offer, by=leaders[0], now=timezone.now())

    ends = crowd([press] * AT_ONCE)
    assert ends == {"done": 1, "AlreadyRegistered": AT_ONCE - 1}
    assert Letter.objects.filter(kind="seminars.confirmed").count() == 1


def test_offer_taken_as_it_ends_has_one_truth(hall, cast, leaders):
    """Half of the hands are a second early and half a second late; all agree on what it became."""
    end = timezone.now() + dt.timedelta(hours=1)
    offer = Registration.objects.create(
        seminar=hall, user=leaders[0], state="offered", expires_at=end, registered_by=leaders[0]
    )

    def press(seconds: int) -> Callable[[], object]:
        at = end + dt.timedelta(seconds=seconds)
        return lambda: accept_offer(registration=offer, by=leaders[0], now=at)

    ends = crowd([press(1 if number % 2 else -1) for number in range(AT_ONCE)])
    offer.refresh_from_db()
    kinds = list(Letter.objects.values_list("kind", flat=True))
    assert (offer.state, kinds, ends["done"]) in [
        ("registered", ["seminars.confirmed"], 1),
        ("expired", ["seminars.offer_expired"], 0),
    ]


def test_capacity_and_pools_changed_at_once_never_promise_twice(hall, agencies, leaders, cast):
    def hold(agency: Unit) -> Callable[[], object]:
        return lambda: reserve_seats(
            seminar=hall,
            agency=agency,
            seats=20,
            release_at=None,
            by=cast.organiser,
            now=timezone.now(),
        )

    ends = crowd([hold(agency) for agency in agencies])
    assert ends == {"done": SEATS // 20, "PoolDoesNotFit": AGENCIES - SEATS // 20}
    assert OperationalError.__name__ not in ends
    assert faults(now=timezone.now()) == []
