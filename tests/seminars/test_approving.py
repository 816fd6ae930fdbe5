"""The line manager approves, where a seminar asks for it: who is asked, and what silence means."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from common.working_time import (
    WORKING_DAY,
    after_working_time,
    before_working_time,
    working_time_between,
)
from outbox.models import Letter
from people.models import AuditRecord
from seminars.approvals.actions import approve_registration, decline_registration
from seminars.editing.actions import cancel_seminar, change_seminar
from seminars.models import Registration
from seminars.offers.actions import accept_offer, decline_offer
from seminars.refusals import (
    AlreadyRegistered,
    ApprovalIsOver,
    CapacityTooLow,
    NotChangeable,
    NotOpen,
    OfferIsOver,
)
from seminars.seats.allocation import fill_free_seats, reconcile_waiting_lists
from seminars.seats.approver import approval_in_words
from seminars.seats.invariants import faults
from seminars.seats.offer_period import SHORTEST, approval_ends_at, promotions_end_at
from seminars.seats.waiting_list import page_of_queue, queue_of
from seminars.seats.ways_in import register_for_seminar, register_on_behalf, register_staff
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from seminars.substitution.actions import substitute_participant
from tests.factories import make_employee, make_leader
from tests.seminars.factories import make_registration, make_seminar
from tests.seminars.test_organising import content_of

DAY = dt.timedelta(days=1)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
LATER = 14 * DAY
"""Three working days have passed by then, also over Easter and New Year."""


@pytest.fixture
def asking(cast):
    """Line managers have three working days; silence is consent, as the seminar says."""
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        capacity=1,
        approval_days=3,
        approval_default="approve",
    )


@pytest.fixture
def strict(cast):
    """Silence is refusal."""
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        capacity=1,
        approval_days=3,
        approval_default="decline",
    )


def register(seminar, person, now) -> Registration:
    return register_for_seminar(seminar=seminar, by=person, now=now)


def kinds(person) -> list[tuple[str, str]]:
    return list(person.letters.order_by("pk").values_list("kind", "calendar_method"))


def states(seminar) -> list[str]:
    return list(seminar.registrations.order_by("pk").values_list("state", flat=True))


def actions_done() -> list[tuple[str, str | None]]:
    return list(AuditRecord.objects.order_by("pk").values_list("action", "actor__email"))


# ---- who is asked --------------------------------------------------------------------------------


def test_seat_is_held_while_the_line_manager_is_asked(cast, asking, now):
    row = register(asking, cast.employee, now)
    until = after_working_time(now, 3 * WORKING_DAY)
    assert (row.state, row.approver, row.expires_at) == ("awaiting", cast.leader, until)
    assert (row.confirmed_at, row.approved_at) == (None, None)
    assert kinds(cast.employee) == [("seminars.awaiting", "")]
    assert kinds(cast.leader) == [("seminars.approval_wanted", "")]
    assert register(asking, cast.stranger, now).state == "waitlisted"
    assert faults(now=now) == []


def test_letter_to_the_manager_names_nobody_and_leads_behind_the_sign_in(cast, asking, now):
    row = register(asking, cast.employee, now)
    letter = cast.leader.letters.get()
    assert cast.employee.name not in letter.subject + letter.text + letter.html
    assert f"/seminarer/{asking.pk}/godkjenning/{row.pk}/" in letter.text
    assert "er påmeldingen godkjent" in letter.text


def test_letters_say_what_silence_means(cast, strict, now):
    register(strict, cast.employee, now)
    assert "faller påmeldingen bort" in cast.leader.letters.get().text
    assert "faller påmeldingen bort" in cast.employee.letters.get().text
    assert cast.leader.name in cast.employee.letters.get().text


def test_leader_is_answered_for_by_the_leader_above(cast, asking, now):
    assert register(asking, cast.leader, now).approver == cast.manager


def test_who_has_no_line_manager_needs_no_approval(cast, asking, now):
    row = register(asking, cast.manager, now)
    assert (row.state, row.approver) == ("registered", None)
    assert kinds(cast.manager) == [("seminars.confirmed", "REQUEST")]


def test_vacancy_is_passed_on_the_way_up(cast, asking, now):
    row = register(asking, make_employee(cast.sibling_unit, "Siri Sør"), now)
    assert row.approver == cast.manager


def test_manager_approves_by_registering(cast, asking, now):
    row = register_staff(seminar=asking, user=cast.employee, by=cast.leader, now=now)
    assert (row.state, row.approved_at) == ("registered", now)
    assert Letter.objects.filter(kind="seminars.approval_wanted").count() == 0


def test_manager_who_registered_for_the_queue_is_not_asked_again(cast, asking, now):
    first = register(asking, cast.manager, now)
    waiting = register_staff(seminar=asking, user=cast.employee, by=cast.leader, now=now)
    assert waiting.state == "waitlisted"
    withdraw_registration(registration=first, by=cast.manager, now=now)
    waiting.refresh_from_db()
    assert waiting.state == "registered"


def test_coordinator_registers_and_the_manager_is_asked(cast, asking, now):
    row = register_staff(seminar=asking, user=cast.employee, by=cast.coordinator, now=now)
    assert (row.state, row.approver) == ("awaiting", cast.leader)


def test_organiser_asks_nobody(cast, asking, now):
    row = register_on_behalf(seminar=asking, user=cast.employee, by=cast.organiser, now=now)
    assert (row.state, row.approver) == ("registered", None)


@pytest.mark.parametrize(
    ("by", "state"),
    [("organiser", "registered"), ("leader", "registered"), ("coordinator", "awaiting")],
)
def test_who_comes_instead_is_asked_about_too(cast, asking, now, by, state):
    old = register(asking, cast.manager, now)
    new = substitute_participant(
        registration=old, user=cast.employee, by=getattr(cast, by), now=now
    )
    assert (new.state, states(asking)) == (state, ["withdrawn", state])
    if state == "awaiting":
        assert kinds(cast.employee) == [("seminars.awaiting", "")]
        approve_registration(registration=new, by=cast.leader, now=now)
    assert kinds(cast.employee)[-1] == ("seminars.confirmed", "REQUEST")
    assert faults(now=now) == []


# ---- from the waiting list -----------------------------------------------------------------------


def test_nobody_is_asked_before_there_is_a_seat(cast, asking, now):
    first = register(asking, cast.manager, now)
    waiting = register(asking, cast.employee, now)
    assert (waiting.state, kinds(cast.leader)) == ("waitlisted", [])
    withdraw_registration(registration=first, by=cast.manager, now=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approver) == ("awaiting", cast.leader)
    assert kinds(cast.employee)[1:] == [("seminars.awaiting", "")]
    assert ("seminars.ask_approval", "manager@example.org") in actions_done()
    assert faults(now=now) == []


def test_offer_that_is_taken_waits_for_approval(cast, asking, now):
    asking.offers_expire_after = 24
    asking.save()
    first = register(asking, cast.manager, now)
    waiting = register(asking, cast.employee, now)
    withdraw_registration(registration=first, by=cast.manager, now=now)
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    taken = accept_offer(registration=waiting, by=cast.employee, now=now)
    assert (taken.state, taken.approver) == ("awaiting", cast.leader)
    with pytest.raises(AlreadyRegistered):
        accept_offer(registration=waiting, by=cast.employee, now=now)
    approve_registration(registration=taken, by=cast.leader, now=now)
    assert kinds(cast.employee)[-1] == ("seminars.confirmed", "REQUEST")
    assert faults(now=now) == []


# ---- the answer ----------------------------------------------------------------------------------


def test_approved_seat_is_the_persons_and_in_the_calendar(cast, asking, now):
    row = register(asking, cast.employee, now)
    later = now + DAY
    done = approve_registration(registration=row, by=cast.leader, now=later)
    row.refresh_from_db()
    assert (row.state, row.confirmed_at, row.approved_at) == ("registered", later, later)
    assert (row.expires_at, done) == (None, row)
    assert kinds(cast.employee) == [
        ("seminars.awaiting", ""),
        ("seminars.confirmed", "REQUEST"),
    ]
    assert actions_done()[-1] == ("seminars.approve", "leader@example.org")
    assert faults(now=later) == []


def test_declined_one_is_told_why_and_the_next_has_the_seat(cast, asking, now):
    row = register(asking, cast.employee, now)
    waiting = register(asking, cast.manager, now)
    decline_registration(
        registration=row, by=cast.leader, reason="Vi har vaktskifte den dagen.", now=now
    )
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, waiting.state) == ("declined", "registered")
    letter = cast.employee.letters.latest("pk")
    assert (letter.kind, letter.calendar_method) == ("seminars.not_approved", "")
    assert "vaktskifte" in letter.text
    record = AuditRecord.objects.get(action="seminars.decline_approval")
    assert (record.actor, record.on_behalf_of) == (cast.leader, cast.employee)
    assert "vaktskifte" not in str(record.details) + record.reason
    assert faults(now=now) == []


def test_declined_one_may_ask_again(cast, asking, now):
    row = register(asking, cast.employee, now)
    Letter.objects.update(next_attempt_at=now)  # whatever the hour, it has gone
    decline_registration(registration=row, by=cast.leader, reason="-", now=now)
    again = register(asking, cast.employee, now)
    assert (again.state, states(asking)) == ("awaiting", ["declined", "awaiting"])
    assert kinds(cast.leader) == [("seminars.approval_wanted", "")] * 2


@pytest.mark.parametrize("settled", ["approve", "decline", "withdraw", "remove"])
def test_question_that_waits_for_work_is_taken_back_when_it_is_settled(cast, asking, now, settled):
    row = register(asking, cast.employee, now)
    Letter.objects.update(next_attempt_at=now + dt.timedelta(hours=9))
    match settled:
        case "approve":
            approve_registration(registration=row, by=cast.leader, now=now)
        case "decline":
            decline_registration(registration=row, by=cast.leader, reason="-", now=now)
        case "withdraw":
            withdraw_registration(registration=row, by=cast.employee, now=now)
        case _:
            remove_participant(registration=row, by=cast.organiser, reason="", now=now)
    assert kinds(cast.leader) == []


@pytest.mark.parametrize("answer", ["approve", "decline"])
@pytest.mark.parametrize("settled", ["approve", "decline", "withdraw", "remove"])
def test_second_answer_changes_nothing(cast, asking, now, settled, answer):
    row = register(asking, cast.employee, now)
    match settled:
        case "approve":
            approve_registration(registration=row, by=cast.leader, now=now)
        case "decline":
            decline_registration(registration=row, by=cast.leader, reason="-", now=now)
        case "withdraw":
            withdraw_registration(registration=row, by=cast.employee, now=now)
        case _:
            remove_participant(registration=row, by=cast.organiser, reason="", now=now)
    before = (states(asking), actions_done(), kinds(cast.employee))
    with pytest.raises(ApprovalIsOver, match="allerede"):
        answered(answer, row, cast.manager, now)
    assert (states(asking), actions_done(), kinds(cast.employee)) == before


def answered(answer, row, by, now) -> Registration:
    if answer == "approve":
        return approve_registration(registration=row, by=by, now=now)
    return decline_registration(registration=row, by=by, reason="-", now=now)


def test_withdrawal_while_waiting_gives_the_seat_and_cancels_no_calendar(cast, asking, now):
    row = register(asking, cast.employee, now)
    waiting = register(asking, cast.manager, now)
    withdraw_registration(registration=row, by=cast.employee, now=now)
    waiting.refresh_from_db()
    assert (waiting.state, states(asking)) == ("registered", ["withdrawn", "registered"])
    assert kinds(cast.employee)[-1] == ("seminars.withdrawn", "")


def test_cancelled_seminar_takes_no_answer(cast, asking, now):
    row = register(asking, cast.employee, now)
    cancel_seminar(seminar=asking, reason="Sykdom", by=cast.organiser, now=now)
    with pytest.raises(NotChangeable, match="avlyst"):
        approve_registration(registration=row, by=cast.leader, now=now)
    assert kinds(cast.employee)[-1] == ("seminars.cancelled", "")
    assert reconcile_waiting_lists(now=now + 4 * DAY) == 0
    row.refresh_from_db()
    assert row.state == "awaiting"


def test_seat_that_waits_is_taken_when_the_hall_is_made_smaller(cast, asking, now):
    asking.capacity = 2
    asking.save()
    register(asking, cast.employee, now)
    register(asking, cast.manager, now)
    content = content_of(asking, capacity=1)
    with pytest.raises(CapacityTooLow, match="2 personer har plass"):
        change_seminar(seminar=asking, content=content, by=cast.organiser, now=now)


def test_new_time_is_told_to_who_waits_without_a_calendar(cast, asking, now):
    row = register(asking, cast.employee, now)
    content = content_of(asking, place_name="Folkets hus")
    change_seminar(seminar=asking, content=content, by=cast.organiser, now=now)
    approve_registration(registration=row, by=cast.leader, now=now)
    assert kinds(cast.employee)[1:] == [
        ("seminars.changed", ""),
        ("seminars.confirmed", "REQUEST"),
    ]


def test_whoever_waits_has_the_seat_when_nobody_must_approve_any_more(cast, asking, now):
    row = register(asking, cast.employee, now)
    content = content_of(asking, approval_days=None)
    change_seminar(seminar=asking, content=content, by=cast.organiser, now=now)
    row.refresh_from_db()
    assert row.state == "registered"
    assert kinds(cast.employee)[-1] == ("seminars.confirmed", "REQUEST")


# ---- silence -------------------------------------------------------------------------------------


def test_silence_approves(cast, asking, now):
    row = register(asking, cast.employee, now)
    until = row.expires_at
    assert reconcile_waiting_lists(now=until - dt.timedelta(seconds=1)) == 0
    assert states(asking) == ["awaiting"]
    for _round in range(2):
        reconcile_waiting_lists(now=until)
    row.refresh_from_db()
    assert (row.state, row.confirmed_at) == ("registered", until)
    assert kinds(cast.employee)[1:] == [("seminars.confirmed", "REQUEST")]
    assert actions_done()[1:] == [("seminars.approve", None)]


def test_silence_declines_where_the_seminar_says_so(cast, strict, now):
    row = register(strict, cast.employee, now)
    waiting = register(strict, cast.manager, now)
    for _round in range(2):
        reconcile_waiting_lists(now=now + LATER)
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, waiting.state) == ("declined", "registered")
    assert kinds(cast.employee)[1:] == [("seminars.not_approved", "")]
    assert "svarte ikke innen fristen" in cast.employee.letters.latest("pk").text
    assert ("seminars.decline_approval", None) in actions_done()
    assert faults(now=now + LATER) == []


@pytest.mark.parametrize("answer", ["approve", "decline"])
@pytest.mark.parametrize(
    ("default", "state", "words"),
    [("approve", "registered", "ble da godkjent"), ("decline", "declined", "falt da bort")],
)
def test_late_answer_is_as_no_answer(cast, asking, now, answer, default, state, words):
    """In the second of the deadline too, whether the sweep came first or not."""
    asking.approval_default = default
    asking.save()
    row = register(asking, cast.employee, now)
    with pytest.raises(ApprovalIsOver, match=words):
        answered(answer, row, cast.leader, row.expires_at)
    assert states(asking) == [state]
    assert [record for record in actions_done() if record[0] != "seminars.register"] == [
        ({"approve": "seminars.approve", "decline": "seminars.decline_approval"}[default], None)
    ]


def test_next_who_registers_finds_the_seat_that_lapsed(cast, strict, now):
    register(strict, cast.employee, now)
    late = now + LATER
    assert register(strict, cast.manager, late).state == "registered"
    assert states(strict) == ["declined", "registered"]


def test_seminar_that_begins_settles_what_waits(cast, strict, now):
    late = before_working_time(strict.starts_at, SHORTEST)
    strict.registration_closes_at = strict.starts_at
    strict.save()
    row = register(strict, cast.employee, late)
    assert working_time_between(late, row.expires_at) == SHORTEST
    assert row.expires_at <= strict.starts_at
    fill_free_seats(seminar=strict, by=None, now=strict.starts_at + dt.timedelta(minutes=1))
    assert states(strict) == ["declined"]


# ---- how long ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "length"),
    [(160, 24), (96, 24), (40, 10), (16, 4), (8, 4), (4, 4)],
)
def test_deadline_counts_working_hours_and_is_shorter_near_the_start(asking, left, length):
    now = before_working_time(asking.starts_at, left * HOUR)
    assert working_time_between(now, approval_ends_at(asking, now)) == length * HOUR


def test_after_the_closing_date_managers_are_still_asked(cast, asking, now):
    """The one who comes up from the waiting list then has a manager too."""
    first = register(asking, cast.manager, now)
    waiting = register(asking, cast.employee, now)
    closed = asking.starts_at - 10 * DAY
    asking.registration_closes_at = closed - MINUTE
    asking.save()
    withdraw_registration(registration=first, by=cast.manager, now=closed)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.expires_at <= asking.starts_at) == ("awaiting", True)


def test_with_no_time_to_ask_nobody_moves_up(cast, asking, now):
    """A seat is not approved by there being nobody to ask in time."""
    first = register(asking, cast.manager, now)
    waiting = register(asking, cast.employee, now)
    last = promotions_end_at(asking) + MINUTE
    withdraw_registration(registration=first, by=cast.manager, now=last)
    waiting.refresh_from_db()
    assert waiting.state == "waitlisted"


def test_with_no_time_to_ask_one_is_told_who_can_register_them(cast, asking, now):
    asking.registration_closes_at = asking.starts_at
    asking.save()
    late = before_working_time(asking.starts_at, SHORTEST) + MINUTE
    with pytest.raises(NotOpen, match="Be lederen melde på i stedet"):
        register(asking, cast.employee, late)
    assert states(asking) == []
    row = register_staff(seminar=asking, user=cast.employee, by=cast.leader, now=late)
    assert row.state == "registered"


# ---- words ---------------------------------------------------------------------------------------


def test_terms_are_said_before_anybody_registers(asking, strict, seminar):
    assert approval_in_words(seminar) == ""
    assert "innen 3 arbeidsdager, er den godkjent" in approval_in_words(asking)
    strict.approval_days = 1
    assert "innen 1 arbeidsdag, faller den bort" in approval_in_words(strict)


def test_queue_knows_who_waits_for_whom(cast, asking, now):
    register(asking, cast.employee, now)
    register(asking, cast.stranger, now)
    held, waiting = page_of_queue(asking, now, None)
    assert held.reason.startswith("Har en plass som Liv Dahl må godkjenne innen ")
    assert waiting.reason.startswith("Alle plassene er tatt, men 1 er ikke bekreftet ennå.")
    assert queue_of(asking, now).approvals == 1


def test_registering_again_says_what_it_waits_for(cast, asking, now):
    register(asking, cast.employee, now)
    with pytest.raises(AlreadyRegistered, match="venter på godkjenning"):
        register(asking, cast.employee, now)
    row = asking.registrations.get()
    with pytest.raises(AlreadyRegistered):
        decline_offer(registration=row, by=cast.employee, now=now)


def test_declined_one_has_no_offer_to_answer(cast, asking, now):
    row = register(asking, cast.employee, now)
    decline_registration(registration=row, by=cast.leader, reason="-", now=now)
    with pytest.raises(OfferIsOver):
        accept_offer(registration=row, by=cast.employee, now=now)


# ---- what the database keeps ---------------------------------------------------------------------


def test_database_counts_a_seat_that_waits(cast, asking):
    make_registration(asking, cast.employee, state="awaiting", approver=cast.leader)
    with pytest.raises(IntegrityError, match="has no seat left of 1"):
        make_registration(asking, cast.stranger)


@pytest.mark.parametrize("approver", [None, "employee"])
def test_database_lets_nobody_await_nobody_or_themselves(cast, asking, approver):
    asked = getattr(cast, approver) if approver else None
    with pytest.raises(IntegrityError, match="registration_awaits_somebody_else"):
        make_registration(asking, cast.employee, state="awaiting", approver=asked)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"expires_at": None}, "registration_offer_has_its_end"),
        ({"confirmed_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "registration_seat_has_its"),
        ({"withdrawn_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "registration_over_has_its"),
    ],
)
def test_database_keeps_the_times_of_a_seat_that_waits(cast, asking, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_registration(
            asking, cast.employee, **{"state": "awaiting", "approver": cast.leader} | fields
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"approval_days": 0}, "seminar_approval_takes_a_day"),
        ({"approval_default": "perhaps"}, "seminar_approval_default_is_known"),
    ],
)
def test_database_keeps_the_terms(cast, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_seminar(cast.other_agency, created_by=cast.organiser, **fields)


def test_pool_counts_a_seat_that_waits(cast, asking, now):
    pool = asking.seat_pools.create(agency=cast.agency, seats=1)
    row = register(asking, cast.employee, now)
    assert (row.state, row.pool) == ("awaiting", pool)
    assert asking.seat_pools.with_use().get().used == 1
    colleague = make_leader(cast.sibling_unit, "Kari Kollega")
    assert register(asking, colleague, now).state == "waitlisted"
    with pytest.raises(IntegrityError, match=r"pool .* has no seat left of 1"):
        make_registration(asking, cast.stranger, pool=pool)
