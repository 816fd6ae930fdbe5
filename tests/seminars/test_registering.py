"""Getting a seat, or a place in the queue."""

from __future__ import annotations

import datetime as dt

import pytest

from outbox.models import Letter
from people.models import AuditRecord
from seminars.models import Registration, SeminarState
from seminars.refusals import AlreadyRegistered, NotOpen
from seminars.seats.allocation import allocate_seat
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar, register_on_behalf
from tests.seminars.factories import enrol, make_participants, make_registration, make_seminar


def letters(user) -> list[tuple[str, str]]:
    return list(user.letters.order_by("pk").values_list("kind", "calendar_method"))


def test_register_gives_a_seat_and_says_so(seminar, leader, cast, now):
    registration = register_for_seminar(seminar=seminar, by=leader, now=now)
    registration.refresh_from_db()
    assert registration.state == "registered"
    assert registration.confirmed_at == now
    assert (registration.unit, registration.agency) == (cast.unit, cast.agency)
    assert registration.was_leader is True
    assert registration.registered_by == leader
    assert letters(leader) == [("seminars.confirmed", "REQUEST")]


def test_register_snapshots_an_employee_as_no_leader(seminar, employee, cast, now):
    registration = register_for_seminar(seminar=seminar, by=employee, now=now)
    assert (registration.unit_id, registration.was_leader) == (cast.unit.pk, False)


def test_register_is_audited_once(seminar, leader, now):
    registration = register_for_seminar(seminar=seminar, by=leader, now=now)
    records = AuditRecord.objects.filter(object_type="seminars.registration")
    assert [(r.action, r.actor, r.on_behalf_of, r.object_id, r.details) for r in records] == [
        (
            "seminars.register",
            leader,
            None,
            str(registration.pk),
            {"state": "registered", "agency": registration.agency_id},
        )
    ]


def test_register_for_a_full_seminar_waits_without_a_calendar_part(cast, leader, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)
    make_participants(seminar, cast.unit, 2)
    make_participants(seminar, cast.unit, 1, state="waitlisted")
    registration = register_for_seminar(seminar=seminar, by=leader, now=now)
    assert (registration.state, registration.confirmed_at) == ("waitlisted", None)
    assert letters(leader) == [("seminars.waiting", "")]
    assert "nummer 2 på ventelisten" in Letter.objects.get(recipient=leader).text


def test_a_free_seat_goes_to_those_who_wait_before_a_newcomer(cast, leader, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)
    first, second, third = make_participants(seminar, cast.unit, 3, state="waitlisted")
    registration = register_for_seminar(seminar=seminar, by=leader, now=now)
    states = [
        Registration.objects.get(pk=row.pk).state for row in (first, second, third, registration)
    ]
    assert states == ["registered", "registered", "waitlisted", "waitlisted"]


def test_register_twice_tells_the_truth_and_changes_nothing(seminar, leader, now):
    first = register_for_seminar(seminar=seminar, by=leader, now=now)
    with pytest.raises(AlreadyRegistered, match="Du er allerede påmeldt") as refusal:
        register_for_seminar(seminar=seminar, by=leader, now=now)
    assert refusal.value.registration == first
    assert Registration.objects.count() == 1
    assert len(letters(leader)) == 1


def test_register_twice_on_the_waiting_list_says_so(cast, leader, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_participants(seminar, cast.unit, 1)
    register_for_seminar(seminar=seminar, by=leader, now=now)
    with pytest.raises(AlreadyRegistered, match="allerede på ventelisten"):
        register_for_seminar(seminar=seminar, by=leader, now=now)


def test_register_again_after_withdrawing_is_a_new_row(seminar, leader, now):
    make_registration(seminar, leader, state="withdrawn")
    registration = register_for_seminar(seminar=seminar, by=leader, now=now)
    assert registration.state == "registered"
    assert Registration.objects.filter(user=leader).count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": SeminarState.DRAFT}, "ikke publisert"),
        ({"state": SeminarState.CANCELLED}, "avlyst"),
        ({"opens": 1, "closes": 2}, "Påmeldingen åpner"),
        ({"opens": -2, "closes": -1}, "Påmeldingsfristen gikk ut"),
        ({"starts": -0.1, "opens": -2, "closes": 1}, "har startet"),
        ({"starts": -2, "opens": -9, "closes": -3}, "er over"),
    ],
)
def test_register_is_refused_clearly(cast, leader, now, fields, words):
    seminar = _seminar_at(cast, now, **fields)
    with pytest.raises(NotOpen, match=words):
        register_for_seminar(seminar=seminar, by=leader, now=now)
    assert (Registration.objects.count(), letters(leader)) == (0, [])


def test_registration_closes_at_the_very_moment(cast, leader, stranger, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, registration_closes_at=now)
    assert register_for_seminar(seminar=seminar, by=leader, now=now).state == "registered"
    with pytest.raises(NotOpen):
        register_for_seminar(seminar=seminar, by=stranger, now=now + dt.timedelta(microseconds=1))


def test_who_came_first_and_got_the_lock_last_is_behind_who_has_the_seat(
    cast, leader, stranger, now
):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    moment = dt.timedelta(milliseconds=5)
    seated = register_for_seminar(seminar=seminar, by=leader, now=now + moment)
    waiting = register_for_seminar(seminar=seminar, by=stranger, now=now)
    assert (seated.state, waiting.state) == ("registered", "waitlisted")
    assert waiting.queued_at > seated.queued_at
    assert faults(now=now + moment) == []


def _seminar_at(cast, now, *, state="published", starts=21.0, opens=-7.0, closes=10.0):
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        state=state,
        starts_at=now + dt.timedelta(days=starts),
        registration_opens_at=now + dt.timedelta(days=opens),
        registration_closes_at=now + dt.timedelta(days=closes),
    )


def test_organiser_registers_somebody_after_the_closing_date(cast, leader, organiser, now):
    seminar = _seminar_at(cast, now, opens=-2, closes=-1)
    registration = register_on_behalf(seminar=seminar, user=leader, by=organiser, now=now)
    assert (registration.state, registration.registered_by) == ("registered", organiser)
    record = AuditRecord.objects.get()
    assert (record.actor, record.on_behalf_of) == (organiser, leader)
    assert letters(leader) == [("seminars.confirmed", "REQUEST")]
    assert letters(organiser) == []


def test_organiser_cannot_pass_the_queue(cast, leader, organiser, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_participants(seminar, cast.unit, 1)
    registration = register_on_behalf(seminar=seminar, user=leader, by=organiser, now=now)
    assert registration.state == "waitlisted"


def test_organiser_cannot_register_for_a_cancelled_seminar(cast, leader, organiser, now):
    seminar = _seminar_at(cast, now, state=SeminarState.CANCELLED)
    with pytest.raises(NotOpen, match="avlyst"):
        register_on_behalf(seminar=seminar, user=leader, by=organiser, now=now)


def test_organiser_is_told_that_the_person_is_in(seminar, leader, organiser, now):
    make_registration(seminar, leader)
    with pytest.raises(AlreadyRegistered, match="Personen er allerede påmeldt"):
        register_on_behalf(seminar=seminar, user=leader, by=organiser, now=now)


def test_allocate_seat_counts_offers_as_seats(cast, leader, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_participants(seminar, cast.unit, 1, state="offered")
    registration = allocate_seat(seminar=seminar, user=leader, by=leader, now=now)
    assert registration.state == "waitlisted"


def test_the_first_to_wait_comes_behind_whoever_got_the_last_seat(seminar, cast, leader, now):
    """The clock was read before the wait for the lock, and somebody else was quicker."""
    seminar.capacity = 1
    seminar.save(update_fields=["capacity"])
    quicker = enrol(seminar, cast.manager, at=now + dt.timedelta(milliseconds=2))
    waiting = register_for_seminar(seminar=seminar, by=leader, now=now)
    assert (waiting.state, waiting.queued_at > quicker.queued_at) == ("waitlisted", True)
    assert faults(now=now) == []
