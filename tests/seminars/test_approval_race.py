"""An answer, a deadline, a withdrawal, a cancellation in one second: one truth each time."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest
from django.utils import timezone

from outbox.models import Letter
from people.models import AuditRecord, User
from seminars.approvals import actions as approvals_actions
from seminars.approvals.actions import approve_registration, decline_registration
from seminars.editing.actions import cancel_seminar
from seminars.models import Registration, Seminar
from seminars.refusals import ApprovalIsOver, NotChangeable, NotRegistered
from seminars.seats.allocation import reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.factories import make_employee
from tests.machine import PATIENCE
from tests.seminars.factories import make_seminar
from tests.seminars.test_seat_race import all_at_once, patiently, states

HANDS = 16
SETTLED = {"seminars.approve", "seminars.decline_approval"}

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asking(transactional_db: None, cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1, approval_days=3)


@pytest.fixture
def hands(cast: Cast) -> list[User]:
    """Only their numbers matter: each is a connection of its own."""
    return [make_employee(cast.unit, f"Hånd {number}") for number in range(HANDS)]


@pytest.fixture
def asked(asking: Seminar, cast: Cast) -> Registration:
    return register_for_seminar(seminar=asking, by=cast.employee, now=timezone.now())


def settled() -> Counter[str]:
    return Counter(AuditRecord.objects.filter(action__in=SETTLED).values_list("action", flat=True))


def told(person: User) -> Counter[str]:
    return Counter(person.letters.values_list("kind", flat=True))


def test_yes_and_no_at_once_are_one_answer(asking, asked, cast, hands):
    def answer(hand: User) -> None:
        if hands.index(hand) % 2:
            patiently(
                lambda: approve_registration(registration=asked, by=cast.leader, now=timezone.now())
            )
        else:
            patiently(
                lambda: decline_registration(
                    registration=asked, by=cast.manager, reason="-", now=timezone.now()
                )
            )

    assert all_at_once(answer, hands) == {"done": 1, ApprovalIsOver.__name__: HANDS - 1}
    assert sum(settled().values()) == 1
    assert told(cast.employee) in [
        {"seminars.awaiting": 1, "seminars.confirmed": 1},
        {"seminars.awaiting": 1, "seminars.not_approved": 1},
    ]


@pytest.mark.parametrize("silence", ["approve", "decline"])
def test_answer_as_the_deadline_passes_has_one_truth(asking, asked, cast, hands, silence):
    """A third a second early, a third a second late, and a third of them the sweep."""
    Seminar.objects.update(approval_default=silence)
    end = asked.expires_at
    second = dt.timedelta(seconds=1)

    def press(hand: User) -> None:
        match hands.index(hand) % 3:
            case 0:
                at = end - second
                patiently(lambda: approve_registration(registration=asked, by=cast.leader, now=at))
            case 1:
                at = end + second
                patiently(
                    lambda: decline_registration(
                        registration=asked, by=cast.leader, reason="-", now=at
                    )
                )
            case _:
                reconcile_waiting_lists(now=end + second)

    ends = all_at_once(press, hands)
    asked.refresh_from_db()
    assert set(ends) <= {"done", ApprovalIsOver.__name__}
    record = AuditRecord.objects.get(action__in=SETTLED)
    outcome = (asked.state, record.action, record.actor)
    by_silence = {
        "approve": ("registered", "seminars.approve", None),
        "decline": ("declined", "seminars.decline_approval", None),
    }
    assert outcome in [("registered", "seminars.approve", cast.leader), by_silence[silence]]
    last = "seminars.confirmed" if asked.state == "registered" else "seminars.not_approved"
    assert told(cast.employee) == {"seminars.awaiting": 1, last: 1}


def test_sweeps_at_once_settle_each_once(asking, cast, hands):
    Seminar.objects.update(capacity=HANDS, approval_default="approve")
    now = timezone.now()
    for person in hands:
        register_for_seminar(seminar=asking, by=person, now=now)
    late = now + dt.timedelta(days=14)
    all_at_once(lambda _hand: reconcile_waiting_lists(now=late), hands)
    reconcile_waiting_lists(now=late)
    assert states(asking) == {"registered": HANDS}
    assert settled() == {"seminars.approve": HANDS}
    assert Letter.objects.filter(kind="seminars.confirmed").count() == HANDS
    assert faults(now=late) == []


def test_answer_and_withdrawal_give_the_seat_to_one(asking, asked, cast, hands):
    """Whoever waits has the seat once the other is out, who is never both in and out."""
    waiting = register_for_seminar(seminar=asking, by=cast.stranger, now=timezone.now())

    def press(hand: User) -> None:
        now = timezone.now()
        if hands.index(hand) % 2:
            patiently(lambda: approve_registration(registration=asked, by=cast.leader, now=now))
        else:
            patiently(lambda: withdraw_registration(registration=asked, by=cast.employee, now=now))

    ends = all_at_once(press, hands)
    assert set(ends) <= {"done", ApprovalIsOver.__name__, NotRegistered.__name__}
    waiting.refresh_from_db()
    assert (states(asking), waiting.state) == ({"withdrawn": 1, "registered": 1}, "registered")
    letters = list(
        cast.employee.letters.exclude(calendar_method="")
        .order_by("pk")
        .values_list("calendar_method", flat=True)
    )
    assert letters in [[], ["REQUEST", "CANCEL"]]
    assert told(cast.stranger) == {"seminars.waiting": 1, "seminars.promoted": 1}


def test_answers_while_it_is_cancelled_leave_no_calendar_behind(asking, cast, hands):
    """Each is approved and then told that it is off, or never had it in their calendar."""
    Seminar.objects.update(capacity=HANDS)
    rows = {
        person.pk: register_for_seminar(seminar=asking, by=person, now=timezone.now())
        for person in hands
    }

    def press(hand: User) -> None:
        now = timezone.now()
        if hand == hands[HANDS // 2]:
            patiently(
                lambda: cancel_seminar(seminar=asking, reason="Syk", by=cast.organiser, now=now)
            )
        else:
            row = rows[hand.pk]
            patiently(lambda: approve_registration(registration=row, by=cast.leader, now=now))

    ends = all_at_once(press, hands)
    assert set(ends) <= {"done", NotChangeable.__name__}
    assert ends["done"] == 1 + states(asking)["registered"]
    for person in hands:
        state = Registration.objects.get(pk=rows[person.pk].pk).state
        methods = list(person.letters.order_by("pk").values_list("kind", "calendar_method"))
        expected = [("seminars.awaiting", "")]
        if state == "registered":
            expected.append(("seminars.confirmed", "REQUEST"))
        expected.append(("seminars.cancelled", "CANCEL" if state == "registered" else ""))
        assert methods == expected


def test_without_the_lock_both_answers_stand(asking, asked, cast, hands, monkeypatch):
    """The positive control: each has read that nobody has answered."""
    meeting = threading.Barrier(2)
    look = approvals_actions._is_late

    def looked(registration: Registration, now: dt.datetime) -> bool:
        meeting.wait(PATIENCE)
        return look(registration, now)

    monkeypatch.setattr(approvals_actions, "lock_seminar", lambda pk: Seminar.objects.get(pk=pk))
    monkeypatch.setattr(approvals_actions, "_is_late", looked)

    def approve(_hand: User) -> None:
        approve_registration(registration=asked, by=cast.leader, now=timezone.now())

    assert all_at_once(approve, hands[:2]) == {"done": 2}
    assert settled() == {"seminars.approve": 2}
