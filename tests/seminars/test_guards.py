"""What PostgreSQL refuses, whatever the code says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from seminars.models import Invitation, Registration, Seminar, SeminarState, Session
from tests import clock
from tests.factories import make_employee
from tests.seminars.factories import make_participants, make_registration, make_seminar

HOUR = dt.timedelta(hours=1)
NOW = dt.timedelta()
"""As a distance from the hour of the test."""


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.fixture
def small(cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)


def test_a_seat_too_many_cannot_be_inserted(small, cast):
    make_participants(small, cast.unit, 2)
    with refused("no seat left"), transaction.atomic():
        make_registration(small, cast.leader)


def test_seats_too_many_cannot_be_inserted_at_once(small, cast):
    people = [make_employee(cast.unit) for _ in range(3)]
    now = timezone.now()
    with refused("no seat left"), transaction.atomic():
        Registration.objects.bulk_create(
            Registration(
                seminar=small, user=user, state="registered", confirmed_at=now, registered_by=user
            )
            for user in people
        )


def test_an_offer_holds_a_seat_too(small, cast):
    make_participants(small, cast.unit, 1)
    make_participants(small, cast.unit, 1, state="offered")
    with refused("no seat left"), transaction.atomic():
        make_registration(small, cast.leader, state="offered")


def test_an_offer_becomes_a_seat_in_a_full_seminar(small, cast):
    (offered, _other) = make_participants(small, cast.unit, 2, state="offered")
    Registration.objects.filter(pk=offered.pk).update(
        state="registered", confirmed_at=timezone.now(), expires_at=None
    )
    assert Registration.objects.filter(state="registered").count() == 1


def test_the_waiting_cannot_be_updated_into_a_full_seminar(small, cast):
    make_participants(small, cast.unit, 2)
    make_participants(small, cast.unit, 1, state="waitlisted")
    with refused("no seat left"), transaction.atomic():
        Registration.objects.filter(state="waitlisted").update(
            state="registered", confirmed_at=timezone.now(), expires_at=None
        )


def test_a_seat_cannot_be_moved_into_a_full_seminar(small, cast):
    make_participants(small, cast.unit, 2)
    other = make_seminar(cast.other_agency, created_by=cast.organiser)
    registration = make_registration(other, cast.leader)
    with refused("no seat left"), transaction.atomic():
        Registration.objects.filter(pk=registration.pk).update(seminar=small)


def test_the_capacity_cannot_go_below_the_seats_given(small, cast):
    make_participants(small, cast.unit, 2)
    with refused("2 seats spoken for, more than 1"), transaction.atomic():
        Seminar.objects.filter(pk=small.pk).update(capacity=1)
    assert Seminar.objects.filter(pk=small.pk).update(capacity=3) == 1


def test_a_person_is_in_once(small, cast):
    make_registration(small, cast.leader)
    with refused("registration_is_one_while_active"), transaction.atomic():
        make_registration(small, cast.leader, state="waitlisted")
    make_registration(small, cast.stranger, state="withdrawn")
    make_registration(small, cast.stranger, state="removed")
    make_registration(small, cast.stranger, state="waitlisted")


def test_a_person_is_invited_once(small, cast):
    Invitation.objects.create(seminar=small, user=cast.leader)
    with refused("invitation_is_sent_once_to_each"), transaction.atomic():
        Invitation.objects.create(seminar=small, user=cast.leader)


@pytest.mark.parametrize(
    ("state", "fields", "constraint"),
    [
        ("lost", {}, "registration_over_has_its_time"),
        ("registered", {"confirmed_at": None}, "registration_seat_has_its_time"),
        ("waitlisted", {"confirmed_at": NOW}, "registration_seat_has_its_time"),
        ("offered", {"confirmed_at": NOW}, "registration_seat_has_its_time"),
        ("withdrawn", {"withdrawn_at": None}, "registration_over_has_its_time"),
        ("removed", {"withdrawn_at": None}, "registration_over_has_its_time"),
        ("registered", {"withdrawn_at": NOW}, "registration_over_has_its_time"),
        (
            "withdrawn",
            {"confirmed_at": HOUR, "withdrawn_at": NOW},
            "registration_times_in_order",
        ),
    ],
)
def test_a_registrations_state_and_times_go_together(small, cast, state, fields, constraint):
    with refused(constraint), transaction.atomic():
        make_registration(small, cast.leader, state=state, **clock.from_now(fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"capacity": 0}, "seminar_has_a_seat"),
        ({"hours": -1}, "seminar_ends_after_it_starts"),
        (
            {"registration_closes_at": -30 * 24 * HOUR},
            "seminar_registration_closes_after_it_opens",
        ),
        ({"published_at": None}, "seminar_state_has_its_times"),
        ({"state": SeminarState.DRAFT, "published_at": NOW}, "seminar_state"),
        ({"state": SeminarState.CANCELLED, "cancelled_at": None}, "seminar_state_has_its_times"),
        ({"state": SeminarState.CANCELLED, "cancel_reason": ""}, "cancelled_has_a_reason"),
    ],
)
def test_a_seminar_without_sense_is_refused(cast, fields, constraint):
    with refused(constraint), transaction.atomic():
        make_seminar(cast.other_agency, created_by=cast.organiser, **clock.from_now(fields))


def test_a_session_ends_after_it_starts(small):
    with refused("session_ends_after_it_starts"), transaction.atomic():
        Session.objects.create(seminar=small, starts_at=small.ends_at, ends_at=small.starts_at)


def outcome(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).outcome


def test_no_statement_of_its_own_writes_an_outcome(small, cast):
    row = make_registration(small, cast.leader)
    Registration.objects.filter(pk=row.pk).update(outcome="attended")
    row.outcome = "attended"
    row.save()
    assert outcome(row) == ""


def test_a_registration_begins_without_an_outcome(small, cast):
    row = make_registration(small, cast.leader)
    row.delete()
    row.pk, row.outcome = None, "attended"
    row.save(force_insert=True)
    assert outcome(row) == ""


def test_the_sessions_set_the_seminars_times(small):
    later = Session.objects.create(
        seminar=small, starts_at=small.ends_at + HOUR, ends_at=small.ends_at + 2 * HOUR
    )
    assert Seminar.objects.get(pk=small.pk).ends_at == later.ends_at
    Session.objects.filter(pk=later.pk).update(starts_at=small.starts_at - HOUR)
    assert Seminar.objects.get(pk=small.pk).starts_at == small.starts_at - HOUR
    later.delete()
    fresh = Seminar.objects.get(pk=small.pk)
    assert (fresh.starts_at, fresh.ends_at) == (small.starts_at, small.ends_at)


def test_an_event_is_known_by_its_own_name_alone(small, cast):
    one = make_registration(small, cast.leader)
    with refused("calendar_uid"), transaction.atomic():
        make_registration(small, cast.stranger, calendar_uid=one.calendar_uid)
