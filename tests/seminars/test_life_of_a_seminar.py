"""A seminar's life in any order of events, against a model of plain lists.

The model knows nothing of rows, locks or letters: a hall, pools, a queue, offers that hang in the
air until somebody answers or the clock runs out, and two rooms to choose between.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from common.errors import Refused
from seminars.approvals.actions import approve_registration, decline_registration
from seminars.editing.actions import change_seminar
from seminars.models import Registration, SeatPool, Seminar, Session, SessionChoice
from seminars.offers.actions import accept_offer, decline_offer
from seminars.parallel_sessions.actions import change_choices
from seminars.pools.actions import release_pool, reserve_seats
from seminars.seats.allocation import reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from seminars.substitution.actions import substitute_participant
from seminars.waiting_list.actions import move_in_queue
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_choice, make_seminar
from tests.seminars.test_organising import content_of

PEOPLE = 8
"""The even ones work in the agency that has a pool."""
ANSWER_HOURS = 24
APPROVAL_HOURS = 48
"""The even ones have a line manager; over the odd ones nobody leads."""
ROOMS = {"A": 2, "B": 6}
"""The small one is full now and then; together they have room for the largest hall."""
people = st.integers(0, PEOPLE - 1)


@dataclass
class Model:
    capacity: int = 3
    pool: int = 0
    """Seats held for the even ones; 0 when there is no pool or it is released."""
    open_seats: list[int] = field(default_factory=list)
    pool_seats: list[int] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)
    offers: dict[int, int] = field(default_factory=dict)
    """By person with a seat that is not theirs yet: the hour it ends."""
    hour: int = 0
    silence: str = ""
    """What it means when a line manager does not answer; empty when none is asked."""
    approvals: dict[int, int] = field(default_factory=dict)
    """By person whose seat a line manager must approve: the hour that ends."""
    rooms: dict[str, int] = field(default_factory=dict)
    """Parallel sessions and their seats; empty when there is nothing to choose."""
    goes_to: dict[int, str] = field(default_factory=dict)
    """By person: their room, or while they wait the one they wish for."""

    def left_in(self, room: str) -> int:
        return self.rooms[room] - sum(self.goes_to.get(one) == room for one in self.seats())

    def place(self, person: int, wish: str) -> None:
        """As the seat is given: what the person wished for, or else where there is most room."""
        if not self.rooms:
            return
        self.goes_to.pop(person, None)
        has_room = wish and self.left_in(wish) > 0
        self.goes_to[person] = wish if has_room else max(self.rooms, key=self.left_in)

    def take(self, person: int) -> None:
        """The seat is the person's as far as they are concerned."""
        self.offers.pop(person, None)
        if self.silence and person % 2 == 0:
            self.approvals[person] = self.hour + APPROVAL_HOURS

    def seats(self) -> list[int]:
        return self.open_seats + self.pool_seats

    def present(self) -> list[int]:
        return self.seats() + self.queue

    def spoken_for(self) -> int:
        return len(self.open_seats) + max(self.pool, len(self.pool_seats))

    def give(self, person: int) -> bool:
        if person % 2 == 0 and len(self.pool_seats) < self.pool:
            self.pool_seats.append(person)
        elif self.spoken_for() < self.capacity:
            self.open_seats.append(person)
        else:
            return False
        return True

    def leave(self, person: int) -> None:
        for row in (self.open_seats, self.pool_seats, self.queue):
            if person in row:
                row.remove(person)
        self.goes_to.pop(person, None)
        self.offers.pop(person, None)
        self.approvals.pop(person, None)

    def settle(self) -> None:
        for person in [one for one, end in self.approvals.items() if end <= self.hour]:
            del self.approvals[person]
            if self.silence == "decline":
                self.leave(person)
        for person in [one for one, end in self.offers.items() if end <= self.hour]:
            self.leave(person)
        for person in list(self.queue):
            if self.give(person):
                self.queue.remove(person)
                self.place(person, self.goes_to.get(person, ""))
                self.offers[person] = self.hour + ANSWER_HOURS

    def release(self) -> None:
        self.open_seats += self.pool_seats
        self.pool, self.pool_seats = 0, []


def machine(cast: Cast, silence: str, rooms: dict[str, int]) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()
            self.start = timezone.now()
            self.model = Model(silence=silence, rooms=rooms)
            self.people = [
                make_employee(cast.other_unit if number % 2 else cast.unit, f"Person {number}")
                for number in range(PEOPLE)
            ]
            self.seminar = make_seminar(
                cast.other_agency,
                created_by=cast.organiser,
                capacity=3,
                offers_expire_after=ANSWER_HOURS,
                approval_days=APPROVAL_HOURS // 24 if silence else None,
                approval_default=silence or "approve",
                starts_at=self.start + dt.timedelta(days=365),
            )
            self.rooms = dict(zip(rooms, make_rooms(self.seminar, rooms), strict=True))

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

        @property
        def now(self) -> dt.datetime:
            return self.start + dt.timedelta(hours=self.model.hour)

        def row_of(self, number: int) -> Registration | None:
            rows = Registration.objects.active().filter(seminar=self.seminar)
            return rows.filter(user=self.people[number]).first()

        def chosen(self, wish: str) -> dict[int | None, int]:
            room = self.rooms.get(wish)
            return {} if room is None else {room.choice_group_id: room.pk}

        @rule(person=people, wish=st.sampled_from(["", *rooms]))
        def register(self, person: int, wish: str) -> None:
            model = copy.deepcopy(self.model)
            fits = person not in model.present()
            if fits:
                model.settle()
                if not model.give(person):
                    model.queue.append(person)
                    model.goes_to |= {person: wish} if wish else {}
                else:
                    fits = not wish or model.left_in(wish) > 0
                    model.place(person, wish)
                    model.take(person)
            done = tried(
                lambda: register_for_seminar(
                    seminar=self.seminar,
                    by=self.people[person],
                    choices=self.chosen(wish),
                    now=self.now,
                )
            )
            assert done is fits
            if fits:
                self.model = model

        @rule(person=people, wish=st.sampled_from(["", *rooms]))
        def choose(self, person: int, wish: str) -> None:
            row, model = self.row_of(person), self.model
            if row is None or not wish:
                return
            is_there = model.goes_to.get(person) == wish
            fits = person in model.queue or is_there or model.left_in(wish) > 0
            done = tried(
                lambda: change_choices(
                    registration=row,
                    choices=self.chosen(wish),
                    by=self.people[person],
                    now=self.now,
                )
            )
            assert done is fits
            if fits:
                model.goes_to[person] = wish

        @rule(person=people)
        def withdraw(self, person: int) -> None:
            row = self.row_of(person)
            assert (row is not None) is (person in self.model.present())
            if row is None:
                return
            withdraw_registration(registration=row, by=self.people[person], now=self.now)
            self.model.leave(person)
            self.model.settle()

        @rule(person=people, says_yes=st.booleans())
        def answer(self, person: int, says_yes: bool) -> None:
            row = self.row_of(person)
            end = self.model.offers.get(person)
            if row is None or end is None:
                return
            is_late = end <= self.model.hour
            action = accept_offer if says_yes else decline_offer
            done = tried(lambda: action(registration=row, by=self.people[person], now=self.now))
            assert done is not (says_yes and is_late)
            if says_yes and not is_late:
                self.model.take(person)
                return
            self.model.leave(person)
            self.model.settle()

        @rule(person=people, says_yes=st.booleans())
        def answer_for(self, person: int, says_yes: bool) -> None:
            row = self.row_of(person)
            if row is None:
                return
            words = {} if says_yes else {"reason": "-"}
            action = approve_registration if says_yes else decline_registration
            done = tried(lambda: action(registration=row, by=cast.leader, now=self.now, **words))
            assert done is (person in self.model.approvals)
            if done and says_yes:
                del self.model.approvals[person]
            elif done:
                self.model.leave(person)
                self.model.settle()

        @rule(seats=st.integers(1, 6))
        def resize(self, seats: int) -> None:
            content = content_of(Seminar.objects.get(pk=self.seminar.pk), capacity=seats)
            fits = seats >= self.model.spoken_for()
            done = tried(
                lambda: change_seminar(
                    seminar=self.seminar, content=content, by=cast.organiser, now=self.now
                )
            )
            assert done is fits
            if fits:
                self.model.capacity = seats
                self.model.settle()

        @rule(seats=st.integers(1, 4))
        def hold(self, seats: int) -> None:
            model = self.model
            pool = SeatPool.objects.filter(seminar=self.seminar).first()
            if pool is not None and not pool.is_live:
                return
            fits = len(model.pool_seats) <= seats <= model.capacity - len(model.open_seats)
            done = tried(
                lambda: reserve_seats(
                    seminar=self.seminar,
                    agency=cast.agency,
                    seats=seats,
                    release_at=None,
                    by=cast.organiser,
                    now=self.now,
                )
            )
            assert done is fits
            if fits:
                model.pool = seats
                model.settle()

        @rule()
        def release(self) -> None:
            pool = SeatPool.objects.live().filter(seminar=self.seminar).first()
            assert (pool is not None) is (self.model.pool > 0)
            if pool is None:
                return
            release_pool(pool=pool, by=cast.organiser, now=self.now)
            self.model.release()
            self.model.settle()

        @rule(person=people, place=st.integers(1, PEOPLE))
        def move(self, person: int, place: int) -> None:
            queue = self.model.queue
            row = self.row_of(person)
            if row is None or person not in queue:
                return
            move_in_queue(
                registration=row, place=place, reason="-", by=cast.organiser, now=self.now
            )
            queue.remove(person)
            queue.insert(min(place, len(queue) + 1) - 1, person)

        @rule(old=people, new=people)
        def substitute(self, old: int, new: int) -> None:
            model = self.model
            row = self.row_of(old)
            if row is None:
                return
            in_pool = old in model.pool_seats
            may = (
                old in model.seats()
                and old not in model.offers
                and old not in model.approvals
                and new not in model.seats()
                and not (in_pool and new % 2)
            )
            done = tried(
                lambda: substitute_participant(
                    registration=row, user=self.people[new], by=cast.organiser, now=self.now
                )
            )
            assert done is may
            if may:
                model.leave(new)
                if rooms:
                    model.goes_to[new] = model.goes_to.pop(old)
                seats = model.pool_seats if in_pool else model.open_seats
                seats[seats.index(old)] = new

        @rule(hours=st.integers(1, 30))
        def time_passes(self, hours: int) -> None:
            self.model.hour += hours
            reconcile_waiting_lists(now=self.now)
            self.model.settle()

        @invariant()
        def rows_are_those_of_the_model(self) -> None:
            rows = self.seminar.registrations
            model = self.model
            seated = rows.holding_seat().values_list("user", flat=True)
            assert sorted(seated) == sorted(self.ids(model.seats()))
            waiting = rows.waiting().values_list("user", flat=True)
            assert list(waiting) == self.ids(model.queue)
            offered = rows.filter(state="offered").values_list("user", flat=True)
            assert sorted(offered) == sorted(self.ids(list(model.offers)))
            asked = rows.filter(state="awaiting").values_list("user", flat=True)
            assert sorted(asked) == sorted(self.ids(list(model.approvals)))

        @invariant()
        def everybody_goes_where_the_model_says(self) -> None:
            names = {room.pk: name for name, room in self.rooms.items()}
            chosen = SessionChoice.objects.filter(
                registration__in=Registration.objects.active().filter(seminar=self.seminar)
            )
            assert {
                person: names[room]
                for person, room in chosen.values_list("registration__user", "session")
            } == {self.people[one].pk: room for one, room in self.model.goes_to.items()}

        @invariant()
        def no_fault_is_found(self) -> None:
            assert faults(now=self.now) == []

        def ids(self, numbers: list[int]) -> list[int]:
            return [self.people[number].pk for number in numbers]

    return Life


def make_rooms(seminar: Seminar, rooms: dict[str, int]) -> list[Session]:
    return make_choice(seminar, *rooms.values()) if rooms else []


def tried(action) -> bool:
    """Whether it was done; a refusal leaves no trace."""
    try:
        action()
    except Refused:
        return False
    return True


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("silence", "rooms"),
    [("", {}), ("approve", {}), ("decline", {}), ("", ROOMS), ("decline", ROOMS)],
)
def test_any_life_of_a_seminar_is_that_of_a_plain_model(cast, silence, rooms):
    run_state_machine_as_test(
        machine(cast, silence, rooms),
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
