"""That neither hall nor pool can be oversold, nor promised twice, around the code."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from seminars.models import Audience, Registration, SeatPool, Seminar
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_registration, make_seminar


@pytest.fixture
def hall(cast: Cast) -> Seminar:
    """Five seats, two of them held for the agency."""
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=5)
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=2)
    return seminar


@pytest.fixture
def pool(hall: Seminar) -> SeatPool:
    return hall.seat_pools.get()


def seat(hall: Seminar, cast: Cast, number: int, **fields) -> list[Registration]:
    people = [make_employee(cast.unit, f"Deltaker {n}") for n in range(number)]
    return [make_registration(hall, person, **fields) for person in people]


def refused(name: str, work) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
    assert caught.value.__cause__.diag.constraint_name == name


def test_open_seats_end_where_the_pool_begins(cast, hall):
    seat(hall, cast, 3)
    refused("seminar_is_never_overbooked", lambda: seat(hall, cast, 1))


def test_a_pool_ends_at_its_own_seats(cast, hall, pool):
    seat(hall, cast, 2, pool=pool)
    refused("seat_pool_is_never_overbooked", lambda: seat(hall, cast, 1, pool=pool))
    seat(hall, cast, 3)


def test_an_offer_takes_a_seat_of_its_pool(cast, hall, pool):
    seat(hall, cast, 2, pool=pool, state="offered")
    refused("seat_pool_is_never_overbooked", lambda: seat(hall, cast, 1, pool=pool))


def test_a_released_pool_holds_and_gives_nothing(cast, hall, pool):
    seat(hall, cast, 1, pool=pool)
    SeatPool.objects.update(released_at=timezone.now())
    refused("seat_pool_is_never_overbooked", lambda: seat(hall, cast, 1, pool=pool))
    seat(hall, cast, 4)
    refused("seminar_is_never_overbooked", lambda: seat(hall, cast, 1))


def test_a_seat_cannot_be_in_another_seminars_pool(cast, hall, pool):
    other = make_seminar(cast.other_agency, created_by=cast.organiser)
    refused("seat_pool_is_never_overbooked", lambda: seat(other, cast, 1, pool=pool))


def test_a_seat_cannot_be_moved_into_a_full_pool(cast, hall, pool):
    seat(hall, cast, 2, pool=pool)
    [outside] = seat(hall, cast, 1)

    def move() -> None:
        Registration.objects.filter(pk=outside.pk).update(pool=pool)

    refused("seat_pool_is_never_overbooked", move)


def test_a_seat_cannot_leave_its_pool_for_a_full_hall(cast, hall, pool):
    [inside] = seat(hall, cast, 1, pool=pool)
    seat(hall, cast, 3)

    def move() -> None:
        Registration.objects.filter(pk=inside.pk).update(pool=None)

    refused("seminar_is_never_overbooked", move)


def test_pools_never_sum_to_more_than_the_hall(cast, hall):
    def hold(seats: int) -> SeatPool:
        return SeatPool.objects.create(seminar=hall, agency=cast.other_agency, seats=seats)

    refused("seat_pools_fit_the_hall", lambda: hold(4))
    assert hold(3).seats == 3


def test_a_pool_cannot_take_seats_that_others_have(cast, hall, pool):
    seat(hall, cast, 2)
    refused("seat_pools_fit_the_hall", lambda: SeatPool.objects.update(seats=4))
    SeatPool.objects.update(seats=3)


def test_a_pool_cannot_shrink_below_its_use(cast, hall, pool):
    seat(hall, cast, 2, pool=pool)
    refused("seat_pool_is_never_overbooked", lambda: SeatPool.objects.update(seats=1))


def test_a_pool_cannot_be_taken_back_when_its_seats_are_gone(cast, hall, pool):
    SeatPool.objects.update(released_at=timezone.now())
    seat(hall, cast, 4)
    refused("seat_pools_fit_the_hall", lambda: SeatPool.objects.update(released_at=None))


def test_the_hall_cannot_shrink_into_its_pools(cast, hall):
    seat(hall, cast, 2)
    refused("seminar_is_never_overbooked", lambda: Seminar.objects.update(capacity=3))
    Seminar.objects.update(capacity=4)


def test_a_pool_stays_with_its_seminar_and_agency(cast, hall, pool):
    with pytest.raises(ProgrammingError), transaction.atomic():
        SeatPool.objects.update(agency=cast.other_agency)


def test_an_agency_has_one_pool_with_a_seat_in_it(cast, hall):
    def hold(seats: int) -> SeatPool:
        return SeatPool.objects.create(seminar=hall, agency=cast.agency, seats=seats)

    refused("seat_pool_is_one_for_each_agency", lambda: hold(1))
    refused("seat_pool_has_a_seat", lambda: SeatPool.objects.update(seats=0))


def test_an_offer_has_an_end_and_others_have_none(cast, hall):
    later = timezone.now() + dt.timedelta(days=1)
    name = "registration_offer_has_its_end"
    refused(name, lambda: seat(hall, cast, 1, state="offered", expires_at=None))
    refused(name, lambda: seat(hall, cast, 1, state="waitlisted", expires_at=later))


def test_who_waits_is_in_no_pool(cast, hall, pool):
    refused(
        "registration_waits_for_any_seat",
        lambda: seat(hall, cast, 1, state="waitlisted", pool=pool),
    )


def test_an_offer_lasts_an_hour_at_least(hall):
    refused("seminar_offers_last_an_hour", lambda: Seminar.objects.update(offers_expire_after=0))


def test_an_audience_is_of_a_known_kind_with_its_date(hall, today):
    name = "audience_led_on_has_its_date"
    refused(name, lambda: Audience.objects.create(seminar=hall, kind="led_on"))
    refused(name, lambda: Audience.objects.create(seminar=hall, kind="leaders", led_on=today))
    refused("audience_kind_is_known", lambda: Audience.objects.create(seminar=hall, kind="x"))


def test_seat_counts_set_aside_what_pools_have_not_used(cast, hall, pool):
    seat(hall, cast, 1, pool=pool)
    seat(hall, cast, 2)
    counted = Seminar.objects.with_seat_counts().get(pk=hall.pk)
    assert (counted.seats_taken, counted.seats_reserved, counted.seats_left) == (3, 1, 1)
