"""Any order of registering, leaving and enlarging, against two plain lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import Refused
from seminars.editing.actions import change_seminar
from seminars.models import Registration, Seminar
from seminars.seats.allocation import give_seat
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from tests.factories import make_employee
from tests.seminars.factories import make_seminar
from tests.seminars.test_organising import content_of

pytestmark = pytest.mark.no_cover

PEOPLE = 6
MODES = [("automatic", None), ("automatic", 2), ("manual", None), ("manual", 1), ("off", None)]
"""How the waiting list is served, and how many may stand on it."""

steps = st.lists(
    st.one_of(
        st.tuples(st.just("register"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("withdraw"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("remove"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("capacity"), st.integers(1, 4)),
        st.tuples(st.just("give"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("mode"), st.integers(0, len(MODES) - 1)),
    ),
    max_size=14,
)


class Model:
    """A hall and a queue, as anybody would write them down."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.seated: list[int] = []
        self.queue: list[int] = []
        self.mode, self.most = MODES[0]

    def register(self, person: int) -> bool:
        if person in self.seated + self.queue:
            return False
        if len(self.queue) < self.capacity - len(self.seated):
            self.seated.append(person)
            return True
        if self.mode == "off" or len(self.queue) == self.most:
            return False
        self.queue.append(person)
        return True

    def give(self, person: int) -> bool:
        if self.mode == "automatic" or person not in self.queue:
            return False
        if len(self.seated) == self.capacity:
            return False
        self.queue.remove(person)
        self.seated.append(person)
        return True

    def serve(self, number: int) -> bool:
        mode, most = MODES[number]
        if len(self.queue) > (0 if mode == "off" else len(self.queue) if most is None else most):
            return False
        self.mode, self.most = mode, most
        return self._fill()

    def leave(self, person: int) -> bool:
        if person not in self.seated + self.queue:
            return False
        (self.seated if person in self.seated else self.queue).remove(person)
        return self._fill()

    def resize(self, capacity: int) -> bool:
        if capacity < len(self.seated):
            return False
        self.capacity = capacity
        return self._fill()

    def _fill(self) -> bool:
        while self.mode == "automatic" and self.queue and len(self.seated) < self.capacity:
            self.seated.append(self.queue.pop(0))
        return True


def do(step: str, number: int, seminar: Seminar, people: list, organiser) -> bool:
    """Whether it was done; a refusal leaves no trace."""
    now = timezone.now()
    try:
        if step == "register":
            register_for_seminar(seminar=seminar, by=people[number], now=now)
        elif step in ("capacity", "mode"):
            fresh = Seminar.objects.get(pk=seminar.pk)
            mode, most = MODES[number] if step == "mode" else (None, None)
            wanted = {"waiting_list_mode": mode, "waiting_list_limit": most}
            changes: dict[str, Any] = wanted if step == "mode" else {"capacity": number}
            content = content_of(fresh, **changes)
            change_seminar(seminar=seminar, content=content, by=organiser, now=now)
        else:
            row = Registration.objects.active().filter(user=people[number]).first()
            if row is None:
                return False
            if step == "give":
                give_seat(registration=row, by=organiser, now=now)
            elif step == "withdraw":
                withdraw_registration(registration=row, by=people[number], now=now)
            else:
                remove_participant(registration=row, by=organiser, reason="", now=now)
    except Refused:
        return False
    return True


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_seats_and_queue_are_those_of_a_plain_model(cast, steps):
    with transaction.atomic():
        people = [make_employee(cast.unit, f"Deltaker {number}") for number in range(PEOPLE)]
        seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)
        model = Model(capacity=2)
        for step, number in steps:
            expected = {
                "register": model.register,
                "withdraw": model.leave,
                "remove": model.leave,
                "capacity": model.resize,
                "give": model.give,
                "mode": model.serve,
            }[step](number)
            assert do(step, number, seminar, people, cast.organiser) is expected
            assert seated(seminar, people) == sorted(model.seated)
            assert queued(seminar, people) == model.queue
            assert faults(now=timezone.now()) == []
        transaction.set_rollback(True)


def seated(seminar: Seminar, people: list) -> list[int]:
    rows = seminar.registrations.holding_seat()
    return sorted(people.index(row.user) for row in rows.select_related("user"))


def queued(seminar: Seminar, people: list) -> list[int]:
    return [people.index(row.user) for row in seminar.registrations.waiting()]
