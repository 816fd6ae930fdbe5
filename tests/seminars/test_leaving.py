"""Withdrawing and being removed: the seat goes on, and everybody is told."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar

from people.models import AuditRecord
from seminars.models import Registration, Seminar, SeminarState
from seminars.refusals import NotChangeable, NotRegistered
from seminars.seats.allocation import fill_free_seats, reconcile_waiting_lists
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from seminars.tasks import reconcile_waiting_lists as reconcile_task
from tests.seminars.factories import make_participants, make_registration, make_seminar


def last_letter(user):
    return user.letters.order_by("-pk").first()


def event_in(letter):
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    return event


@pytest.fixture
def small(cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)


def test_withdraw_frees_the_seat_for_the_first_in_the_queue(small, cast, leader, now):
    registration = register_for_seminar(seminar=small, by=leader, now=now)
    first, second = make_participants(small, cast.unit, 2, state="waitlisted")
    withdraw_registration(registration=registration, by=leader, now=now)
    states = [Registration.objects.get(pk=row.pk).state for row in (registration, first, second)]
    assert states == ["withdrawn", "registered", "waitlisted"]
    assert [last_letter(row.user) and last_letter(row.user).kind for row in (first, second)] == [
        "seminars.promoted",
        None,
    ]
    promoted = Registration.objects.get(pk=first.pk)
    assert (promoted.confirmed_at, promoted.queued_at) == (now, first.queued_at)


def test_withdraw_cancels_the_calendar_event_it_made(small, leader, now):
    registration = register_for_seminar(seminar=small, by=leader, now=now)
    made = event_in(last_letter(leader))
    withdraw_registration(registration=registration, by=leader, now=now)
    letter = last_letter(leader)
    gone = event_in(letter)
    assert (letter.kind, letter.calendar_method) == ("seminars.withdrawn", "CANCEL")
    assert gone["UID"] == made["UID"]
    assert (made["SEQUENCE"], gone["SEQUENCE"]) == (0, 1)
    assert gone["STATUS"] == "CANCELLED"


def test_withdraw_from_the_queue_touches_no_calendar(small, cast, leader, now):
    make_participants(small, cast.unit, 1)
    registration = register_for_seminar(seminar=small, by=leader, now=now)
    withdraw_registration(registration=registration, by=leader, now=now)
    letter = last_letter(leader)
    assert (letter.kind, letter.calendar) == ("seminars.withdrawn", "")


def test_withdraw_is_audited_with_the_promotion_it_caused(small, cast, leader, now):
    registration = register_for_seminar(seminar=small, by=leader, now=now)
    (waiting,) = make_participants(small, cast.unit, 1, state="waitlisted")
    withdraw_registration(registration=registration, by=leader, now=now)
    records = AuditRecord.objects.order_by("pk").values_list(
        "action", "object_id", "actor", "on_behalf_of"
    )
    assert list(records)[1:] == [
        ("seminars.withdraw", str(registration.pk), leader.pk, None),
        ("seminars.promote", str(waiting.pk), leader.pk, waiting.user_id),
    ]


def test_withdraw_pressed_before_the_seat_was_given_and_done_after_it(small, leader, now):
    moment = dt.timedelta(milliseconds=5)
    registration = register_for_seminar(seminar=small, by=leader, now=now + moment)
    withdrawn = withdraw_registration(registration=registration, by=leader, now=now)
    assert (withdrawn.state, withdrawn.withdrawn_at) == ("withdrawn", now + moment)


def test_withdraw_twice_is_refused(small, leader, now):
    registration = register_for_seminar(seminar=small, by=leader, now=now)
    withdraw_registration(registration=registration, by=leader, now=now)
    with pytest.raises(NotRegistered, match="allerede avsluttet"):
        withdraw_registration(registration=registration, by=leader, now=now)
    assert leader.letters.count() == 2


def test_withdraw_after_the_closing_date_still_promotes(cast, leader, now):
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        capacity=1,
        registration_closes_at=now - dt.timedelta(hours=1),
    )
    registration = make_registration(seminar, leader)
    (waiting,) = make_participants(seminar, cast.unit, 1, state="waitlisted")
    withdraw_registration(registration=registration, by=leader, now=now)
    assert Registration.objects.get(pk=waiting.pk).state == "registered"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"starts": -0.1}, "har startet"), ({"state": SeminarState.CANCELLED}, "avlyst")],
)
def test_withdraw_too_late_is_refused(cast, leader, now, fields, words):
    starts = now + dt.timedelta(days=fields.get("starts", 5))
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=starts,
        state=fields.get("state", "published"),
    )
    registration = make_registration(seminar, leader)
    with pytest.raises(NotChangeable, match=words):
        withdraw_registration(registration=registration, by=leader, now=now)


def test_remove_says_why_and_promotes(small, cast, leader, organiser, now):
    registration = register_for_seminar(seminar=small, by=leader, now=now)
    (waiting,) = make_participants(small, cast.unit, 1, state="waitlisted")
    remove_participant(
        registration=registration, by=organiser, reason="Du er meldt på dagen etter.", now=now
    )
    letter = last_letter(leader)
    assert (letter.kind, letter.calendar_method) == ("seminars.removed", "CANCEL")
    assert "> Du er meldt på dagen etter." in letter.text
    states = [Registration.objects.get(pk=row.pk).state for row in (registration, waiting)]
    assert states == ["removed", "registered"]
    record = AuditRecord.objects.get(action="seminars.remove")
    assert (record.actor, record.on_behalf_of) == (organiser, leader)


def test_fill_free_seats_gives_each_in_order_and_no_more(small, cast, now):
    Seminar.objects.filter(pk=small.pk).update(capacity=2)
    rows = make_participants(small, cast.unit, 3, state="waitlisted")
    given = fill_free_seats(seminar=small, by=None, now=now)
    assert given == rows[:2]
    assert fill_free_seats(seminar=small, by=None, now=now) == []


@pytest.mark.parametrize("state", [SeminarState.DRAFT, SeminarState.CANCELLED])
def test_fill_free_seats_gives_none_where_nothing_is_held(cast, now, state):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, state=state)
    make_participants(seminar, cast.unit, 1, state="waitlisted")
    assert fill_free_seats(seminar=seminar, by=None, now=now) == []


def test_fill_free_seats_gives_none_when_it_has_begun(cast, now):
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )
    make_participants(seminar, cast.unit, 1, state="waitlisted")
    assert fill_free_seats(seminar=seminar, by=None, now=now) == []


def test_reconcile_finds_stalled_queues_and_leaves_the_rest(small, cast, now):
    full = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_participants(full, cast.unit, 1)
    make_participants(full, cast.unit, 1, state="waitlisted")
    make_participants(small, cast.unit, 2, state="waitlisted")
    assert reconcile_waiting_lists(now=now) == 1
    assert reconcile_waiting_lists(now=now) == 0
    record = AuditRecord.objects.get(action="seminars.promote")
    assert record.actor is None


def test_the_task_reconciles(small, cast):
    make_participants(small, cast.unit, 1, state="waitlisted")
    reconcile_task()
    assert small.registrations.get().state == "registered"
