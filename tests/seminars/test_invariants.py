"""The check finds each fault planted with the database's guards turned off, and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from attendance.invariants import INVARIANTS as OF_ATTENDANCE
from certificates.invariants import INVARIANTS as OF_CERTIFICATES
from commitments.invariants import INVARIANTS as OF_AGREEMENTS
from outbox.models import Letter
from people.models import AuditRecord
from seminars.approvals.actions import approve_registration
from seminars.models import Registration, SeatPool, Seminar, Session, SessionChoice
from seminars.pools.actions import reserve_seats
from seminars.seats.invariants import INVARIANTS, faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import enrol, make_choice, make_registration, make_seminar

HOUR = dt.timedelta(hours=1)
PASSED = "nobody passes the queue"


@dataclass
class Life:
    """A seminar that has lived: a pool, seats, an offer, a queue, one who left."""

    seminar: Seminar
    pool: SeatPool
    seated: Registration
    offered: Registration
    waiting: list[Registration]
    withdrawn: Registration
    other: Seminar
    divided: Seminar
    chosen: SessionChoice
    common: Session
    awaiting: Registration
    """In the other seminar, where line managers approve."""
    cast: Cast


@pytest.fixture
def life(cast: Cast) -> Life:
    now = timezone.now() - 2 * HOUR
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=4, offers_expire_after=48
    )
    release_at = seminar.starts_at - dt.timedelta(days=1)
    pool = reserve_seats(
        seminar=seminar, agency=cast.agency, seats=2, release_at=release_at, by=cast.organiser,
        now=now,
    )  # fmt: skip
    come = [make_employee(cast.other_unit, f"Person {number}") for number in range(5)]
    ours = register_for_seminar(seminar=seminar, by=cast.employee, now=now)
    rows = [register_for_seminar(seminar=seminar, by=person, now=now) for person in come]
    withdraw_registration(registration=rows[1], by=rows[1].user, now=now)
    other = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    asked = register_for_seminar(seminar=other, by=cast.employee, now=now)
    divided = make_seminar(cast.other_agency, created_by=cast.organiser)
    make_choice(divided, 15, 15)
    for person in come[:3]:
        register_for_seminar(seminar=divided, by=person, now=now)
    chosen = SessionChoice.objects.filter(session__title="A")[0]
    common = divided.sessions.get(choice_group=None)
    fresh = [Registration.objects.get(pk=row.pk) for row in rows]
    return Life(
        seminar,
        pool,
        ours,
        fresh[2],
        fresh[3:],
        fresh[1],
        other,
        divided,
        chosen,
        common,
        asked,
        cast,
    )


@contextmanager
def past_the_guards() -> Iterator[None]:
    """Triggers, keys and checks off, as after a repair by hand with the wrong hand."""
    checks = [
        constraint.name
        for constraint in Registration._meta.constraints
        if hasattr(constraint, "condition")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in checks:
            cursor.execute(f"ALTER TABLE seminars_registration DROP CONSTRAINT IF EXISTS {name}")
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


def rewrite(row: Registration, **values) -> None:
    Registration.objects.filter(pk=row.pk).update(**values)


def oversell_the_hall(life: Life) -> None:
    Seminar.objects.filter(pk=life.seminar.pk).update(capacity=2)


def oversell_the_pool(life: Life) -> None:
    for number in range(2):
        enrol(life.seminar, make_employee(life.cast.unit, f"Ny {number}"), pool=life.pool)


def promise_twice(life: Life) -> None:
    SeatPool.objects.create(seminar=life.seminar, agency=life.cast.municipality, seats=1)


def seat_in_anothers_pool(life: Life) -> None:
    enrol(life.other, life.cast.stranger, pool=life.pool)


def register_twice(life: Life) -> None:
    enrol(life.other, life.cast.stranger)
    enrol(life.other, life.cast.stranger)


def seat_without_its_time(life: Life) -> None:
    rewrite(life.seated, confirmed_at=None)


def offer_without_its_end(life: Life) -> None:
    rewrite(life.offered, expires_at=None)


def wait_in_a_pool(life: Life) -> None:
    rewrite(life.waiting[0], pool=life.pool)


def pass_the_queue(life: Life) -> None:
    late = life.waiting[1]
    rewrite(life.offered, state="waitlisted", expires_at=None, queued_at=late.queued_at + 3 * HOUR)
    rewrite(late, state="registered", confirmed_at=timezone.now())


def leave_a_seat_free(life: Life) -> None:
    rewrite(life.offered, state="withdrawn", expires_at=None, withdrawn_at=timezone.now())


def forget_an_offer(life: Life) -> None:
    rewrite(life.offered, expires_at=timezone.now() - HOUR)


def forget_an_approval(life: Life) -> None:
    rewrite(life.awaiting, expires_at=timezone.now() - HOUR)


def ask_nobody(life: Life) -> None:
    rewrite(life.awaiting, approver=None)


def ask_themselves(life: Life) -> None:
    rewrite(life.awaiting, approver=life.awaiting.user)


def tell_no_manager(life: Life) -> None:
    Letter.objects.filter(kind="seminars.approval_wanted").delete()


def approve_and_tell_nobody(life: Life) -> None:
    approve_registration(registration=life.awaiting, by=life.cast.leader, now=timezone.now())
    Letter.objects.filter(kind="seminars.confirmed", about_id=str(life.awaiting.pk)).delete()


def forget_a_pool(life: Life) -> None:
    SeatPool.objects.update(release_at=timezone.now() - HOUR)


def tell_nobody(life: Life) -> None:
    Letter.objects.filter(recipient=life.seated.user).delete()


def end_and_tell_nobody(life: Life) -> None:
    Letter.objects.filter(kind="seminars.withdrawn", recipient=life.withdrawn.user).delete()


def forget_who_registered(life: Life) -> None:
    AuditRecord.objects.filter(action="seminars.register", object_id=str(life.seated.pk)).delete()


def forget_who_withdrew(life: Life) -> None:
    AuditRecord.objects.filter(action="seminars.withdraw").delete()


def count_a_place_elsewhere(life: Life) -> None:
    rewrite(life.awaiting, agency=life.cast.other_agency)


def move_the_seminar_alone(life: Life) -> None:
    Seminar.objects.filter(pk=life.other.pk).update(ends_at=life.other.ends_at + HOUR)


def oversell_a_session(life: Life) -> None:
    Session.objects.filter(pk=life.chosen.session_id).update(capacity=1)
    others = Session.objects.filter(choice_group=life.chosen.group).exclude(capacity=1)
    others.update(capacity=29)


def forget_to_choose(life: Life) -> None:
    life.chosen.delete()


def choose_what_is_no_choice(life: Life) -> None:
    SessionChoice.objects.filter(pk=life.chosen.pk).update(session=life.common)


def make_a_choice_smaller_than_the_hall(life: Life) -> None:
    Seminar.objects.filter(pk=life.chosen.registration.seminar_id).update(capacity=400)


def forget_that_there_are_choices(life: Life) -> None:
    Seminar.objects.filter(pk=life.chosen.registration.seminar_id).update(has_choices=False)


def lengthen_the_list(life: Life) -> None:
    Seminar.objects.filter(pk=life.seminar.pk).update(waiting_list_limit=1)


PLANTED: list[tuple[Callable[[Life], None], str]] = [
    (oversell_the_hall, "the hall is never oversold"),
    (promise_twice, "no seat is promised twice"),
    (oversell_the_pool, "a pool is never oversold"),
    (seat_in_anothers_pool, "a seat lies in its own seminar's pool"),
    (register_twice, "a person is in once"),
    (lengthen_the_list, "no waiting list is longer than it may be"),
    (seat_without_its_time, "each state has its times"),
    (offer_without_its_end, "each state has its times"),
    (wait_in_a_pool, "who waits is in no pool"),
    (pass_the_queue, "nobody passes the queue"),
    (leave_a_seat_free, "no free seat while somebody waits for it"),
    (forget_an_offer, "no offer outlives its time"),
    (forget_an_approval, "no approval outlives its time"),
    (ask_nobody, "approval is somebody else's"),
    (ask_themselves, "approval is somebody else's"),
    (tell_no_manager, "the manager who is to approve was told"),
    (approve_and_tell_nobody, "whoever was given a seat was told"),
    (forget_a_pool, "no pool outlives its time"),
    (tell_nobody, "whoever was given a seat was told"),
    (end_and_tell_nobody, "whoever lost a place was told"),
    (forget_who_registered, "each place has its act in the trail"),
    (forget_who_withdrew, "each end has its act in the trail"),
    (count_a_place_elsewhere, "a place is counted where it was taken"),
    (move_the_seminar_alone, "a seminar has its sessions' times"),
    (oversell_a_session, "a parallel session is never oversold"),
    (forget_to_choose, "each seat has its session in every choice"),
    (choose_what_is_no_choice, "a chosen session is one there was to choose"),
    (make_a_choice_smaller_than_the_hall, "a choice has room for the whole hall"),
    (forget_that_there_are_choices, "a seminar knows that it has choices"),
]
FOLLOWS = {
    "the hall is never oversold": {"no seat is promised twice"},
    "a pool is never oversold": {"the hall is never oversold"},
    "leave_a_seat_free": {"each end has its act in the trail"},
    "ask_themselves": {"the manager who is to approve was told"},
}
"""What cannot be broken without breaking another too."""


def broken() -> set[str]:
    return {fault.invariant for fault in faults(now=timezone.now())}


def test_each_invariant_has_a_fault_that_breaks_it():
    assert {name for _plant, name in PLANTED} == set(INVARIANTS)


def test_a_seminar_that_lives_by_the_actions_has_no_fault(life, capsys):
    call_command("check_invariants")
    rooms = (INVARIANTS, OF_ATTENDANCE, OF_AGREEMENTS, OF_CERTIFICATES)
    asked = sum(len(room) for room in rooms)
    assert capsys.readouterr().out == f"{asked} invariants hold.\n"


@pytest.mark.parametrize(
    ("plant", "name"), PLANTED, ids=[plant.__name__ for plant, _name in PLANTED]
)
def test_a_planted_fault_is_found_and_no_other(life, plant, name):
    with past_the_guards():
        plant(life)
    assert broken() == {name} | FOLLOWS.get(name, set()) | FOLLOWS.get(plant.__name__, set())
    with pytest.raises(CommandError, match="found against"):
        call_command("check_invariants")


def test_one_who_came_in_at_the_door_has_passed_nobody(life):
    begun = timezone.now()
    Seminar.objects.filter(pk=life.seminar.pk).update(starts_at=begun - HOUR)
    with past_the_guards():
        enrol(life.seminar, life.cast.stranger, at=begun)
    assert "nobody passes the queue" not in broken()


def test_one_fault_in_a_queue_is_told_once_whoever_it_met(life):
    """One who stands wrongly is passed by all, and one who passed has passed all: name that one."""
    with past_the_guards():
        first = enrol(
            life.divided,
            life.cast.stranger,
            state="waitlisted",
            at=life.divided.registrations.earliest("queued_at").queued_at - HOUR,
        )
    (fault,) = [one for one in faults(now=timezone.now()) if one.invariant == PASSED]
    assert (fault.seminar_id, fault.row_id) == (life.divided.pk, first.pk)


def test_one_who_passed_three_is_told_once(life):
    late = life.waiting[-1]
    with past_the_guards():
        rewrite(late, state="registered", confirmed_at=timezone.now())
    found = [one.row_id for one in faults(now=timezone.now()) if one.invariant == PASSED]
    assert found == [late.pk]


def test_very_many_of_one_kind_are_told_in_few_lines(life, capsys):
    with past_the_guards():
        AuditRecord.objects.filter(action="seminars.register").delete()
    number = Registration.objects.count()
    with past_the_guards():
        for one in range(20):
            make_registration(life.other, make_employee(life.cast.other_unit, f"Ny {one}"))
    with pytest.raises(CommandError, match="found against"):
        call_command("check_invariants")
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("each place")]
    assert len(lines) == 21
    assert lines[-1] == f"each place has its act in the trail: {number} more"
