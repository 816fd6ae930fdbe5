"""Seats held for agencies: held, used, shrunk, released."""

from __future__ import annotations

import datetime as dt

import pytest

from outbox.models import Letter
from people.models import AuditRecord
from seminars.editing.actions import change_seminar
from seminars.models import Registration, SeatPool, Seminar
from seminars.pools.actions import release_due_pools, release_pool, reserve_seats
from seminars.refusals import CapacityTooLow, NotChangeable, PoolDoesNotFit
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from seminars.tasks import reconcile_waiting_lists as task
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_participants, make_seminar
from tests.seminars.test_organising import content_of


@pytest.fixture
def hall(cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=4)


@pytest.fixture
def hold(cast: Cast, hall: Seminar, now: dt.datetime):
    def hold(seats: int, *, agency=None, release_at=None) -> SeatPool:
        return reserve_seats(
            seminar=Seminar.objects.get(pk=hall.pk),
            agency=agency or cast.agency,
            seats=seats,
            release_at=release_at,
            by=cast.organiser,
            now=now,
        )

    return hold


def come(hall: Seminar, unit, number: int, now: dt.datetime) -> list[Registration]:
    people = [make_employee(unit, f"Person {unit.pk}-{one}") for one in range(number)]
    return [register_for_seminar(seminar=hall, by=person, now=now) for person in people]


def states(rows: list[Registration]) -> list[tuple[str, bool]]:
    fresh = [Registration.objects.get(pk=row.pk) for row in rows]
    return [(row.state, row.pool_id is not None) for row in fresh]


def test_agency_fills_its_own_seats_before_the_open_ones(cast, hall, hold, now):
    hold(2)
    assert states(come(hall, cast.unit, 3, now)) == [
        ("registered", True),
        ("registered", True),
        ("registered", False),
    ]


def test_others_wait_while_seats_are_held(cast, hall, hold, now):
    hold(3)
    others = come(hall, cast.other_unit, 2, now)
    ours = come(hall, cast.unit, 1, now)
    assert states(others) == [("registered", False), ("waitlisted", False)]
    assert states(ours) == [("registered", True)]


def test_seat_freed_in_a_pool_goes_to_the_first_of_its_agency(cast, hall, hold, now):
    hold(1)
    (seated,) = come(hall, cast.unit, 1, now)
    come(hall, cast.other_unit, 3, now)
    waiting = [*come(hall, cast.other_unit, 1, now), *come(hall, cast.unit, 1, now)]
    withdraw_registration(registration=seated, by=seated.user, now=now)
    assert states(waiting) == [("waitlisted", False), ("registered", True)]


def test_release_opens_what_is_not_used_to_the_queue(cast, hall, hold, now):
    pool = hold(3)
    (used,) = come(hall, cast.unit, 1, now)
    others = come(hall, cast.other_unit, 4, now)
    release_pool(pool=pool, by=cast.organiser, now=now)
    assert states([used]) == [("registered", True)]
    assert [state for state, _pool in states(others)] == ["registered"] * 3 + ["waitlisted"]
    record = AuditRecord.objects.get(action="seminars.release_seats")
    assert (record.actor_id, record.details["seats"]) == (cast.organiser.pk, 2)


def test_seat_given_back_to_a_released_pool_is_open(cast, hall, hold, now):
    pool = hold(1)
    (used,) = come(hall, cast.unit, 1, now)
    others = come(hall, cast.other_unit, 4, now)
    release_pool(pool=pool, by=cast.organiser, now=now)
    withdraw_registration(registration=used, by=used.user, now=now)
    assert states(others) == [("registered", False)] * 4


def test_release_twice_does_nothing_more(cast, hall, hold, now):
    pool = hold(1)
    release_pool(pool=pool, by=cast.organiser, now=now)
    release_pool(pool=pool, by=cast.organiser, now=now)
    assert AuditRecord.objects.filter(action="seminars.release_seats").count() == 1


def test_task_releases_the_pools_whose_date_has_come(cast, hall, hold, now):
    due = hold(2, release_at=now - dt.timedelta(minutes=1))
    hold(1, agency=cast.other_agency, release_at=now + dt.timedelta(days=1))
    (waiting,) = make_participants(hall, cast.sibling_unit, 1, state="waitlisted")
    assert release_due_pools(now=now) == 1
    task()
    assert [pool.pk for pool in SeatPool.objects.exclude(released_at=None)] == [due.pk]
    assert states([waiting]) == [("registered", False)]


@pytest.mark.parametrize(("seats", "words"), [(1, "brukt 2"), (5, "plass til 4")])
def test_pool_that_does_not_fit_is_refused(cast, hall, hold, now, seats, words):
    hold(3)
    come(hall, cast.unit, 2, now)
    with pytest.raises(PoolDoesNotFit, match=words):
        hold(seats)
    assert SeatPool.objects.get().seats == 3


def test_open_seats_that_are_taken_cannot_be_held(cast, hall, hold, now):
    come(hall, cast.other_unit, 2, now)
    with pytest.raises(PoolDoesNotFit, match="plass til 2"):
        hold(3)
    assert hold(2).seats == 2


def test_larger_pool_gives_seats_to_its_agencys_queue(cast, hall, hold, now):
    hold(1)
    come(hall, cast.other_unit, 2, now)
    come(hall, cast.unit, 2, now)
    (waiting,) = come(hall, cast.unit, 1, now)
    assert states([waiting]) == [("waitlisted", False)]
    first = hall.registrations.get(user__name=f"Person {cast.other_unit.pk}-0")
    Registration.objects.filter(pk=first.pk).update(state="removed", withdrawn_at=now)
    hold(2)
    assert states([waiting]) == [("registered", True)]


def test_smaller_pool_gives_its_rest_to_all(cast, hall, hold, now):
    hold(4)
    others = come(hall, cast.other_unit, 1, now)
    hold(3)
    assert states(others) == [("registered", False)]
    assert Letter.objects.filter(kind="seminars.promoted").count() == 1


def test_hall_cannot_be_made_smaller_than_what_is_held(cast, hall, hold, now):
    hold(2)
    come(hall, cast.other_unit, 1, now)
    with pytest.raises(CapacityTooLow, match="3 plasser er tatt eller holdt av"):
        change_seminar(
            seminar=hall, content=content_of(hall, capacity=2), by=cast.organiser, now=now
        )


def test_nothing_is_held_in_a_seminar_that_is_off_or_under_way(cast, hall, hold, now):
    Seminar.objects.update(state="cancelled", cancelled_at=now, cancel_reason="Sykdom")
    with pytest.raises(NotChangeable, match="avlyst"):
        hold(1)
    later = hall.starts_at + dt.timedelta(minutes=1)
    Seminar.objects.update(state="published", cancelled_at=None)
    with pytest.raises(NotChangeable, match="startet"):
        reserve_seats(
            seminar=hall, agency=cast.agency, seats=1, release_at=None, by=cast.organiser, now=later
        )


def test_pools_stand_in_the_order_of_their_agencies(cast, seminar):
    for agency in (cast.other_agency, cast.agency):
        SeatPool.objects.create(seminar=seminar, agency=agency, seats=1)
    names = [pool.agency.name for pool in seminar.seat_pools.with_use()]
    assert names == ["Bydel Fjordbyen", "Etat for læring"]
