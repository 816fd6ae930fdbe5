"""Every way in but one's own: one's staff, at the door, instead of another; and for whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from people.models import AuditRecord, Leadership
from seminars.eligibility import terms_of
from seminars.models import Audience, Registration
from seminars.pools.actions import release_pool, reserve_seats
from seminars.refusals import AlreadyRegistered, NotChangeable, NotForThem, NotOpen
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar, register_on_behalf, register_staff
from seminars.substitution.actions import substitute_participant
from tests.factories import make_employee, make_leadership
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def full(cast):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_registration(seminar, cast.employee)
    return seminar


# ---- one's staff ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader", "coordinator"])
def test_line_manager_and_coordinator_register_their_own(cast, seminar, now, who):
    by = getattr(cast, who)
    row = register_staff(seminar=seminar, user=cast.employee, by=by, now=now)
    assert (row.user_id, row.registered_by_id, row.state) == (cast.employee.pk, by.pk, "registered")
    record = AuditRecord.objects.get(action="seminars.register")
    assert (record.actor_id, record.on_behalf_of_id) == (by.pk, cast.employee.pk)


@pytest.mark.parametrize("who", ["leader", "coordinator", "employee"])
def test_nobody_registers_the_staff_of_others(cast, seminar, now, who):
    with pytest.raises(NotForThem, match="egne ansatte"):
        register_staff(seminar=seminar, user=cast.stranger, by=getattr(cast, who), now=now)


def test_staff_are_registered_in_the_time_of_registration(cast, seminar):
    late = seminar.registration_closes_at + dt.timedelta(minutes=1)
    with pytest.raises(NotOpen, match="fristen gikk ut"):
        register_staff(seminar=seminar, user=cast.employee, by=cast.leader, now=late)


# ---- instead of another --------------------------------------------------------------------------


def test_substitute_takes_the_seat_and_nobody_waiting_does(cast, full, now):
    (waiting,) = make_participants(full, cast.unit, 1, state="waitlisted")
    old = full.registrations.get(user=cast.employee)
    new = substitute_participant(registration=old, user=cast.stranger, by=cast.organiser, now=now)
    states = dict(full.registrations.values_list("user", "state"))
    assert states == {
        cast.employee.pk: "withdrawn",
        cast.stranger.pk: "registered",
        waiting.user_id: "waitlisted",
    }
    assert new.queued_at == old.queued_at
    letters = [person.letters.get().calendar_method for person in (cast.employee, cast.stranger)]
    assert letters == ["CANCEL", "REQUEST"]
    assert AuditRecord.objects.get().action == "seminars.substitute"


def test_substitute_gives_up_a_place_in_the_queue(cast, full, now):
    (waiting,) = make_participants(full, cast.unit, 1, state="waitlisted")
    old = full.registrations.get(user=cast.employee)
    substitute_participant(registration=old, user=waiting.user, by=cast.leader, now=now)
    rows = full.registrations.filter(user=waiting.user).order_by("pk")
    assert [row.state for row in rows] == ["withdrawn", "registered"]
    record = AuditRecord.objects.get(action="seminars.substitute")
    assert record.details["gave_up"] == waiting.pk
    found = {fault.invariant for fault in faults(now=now)}
    assert "each end has its act in the trail" not in found


def test_substitute_who_has_a_seat_is_refused(cast, seminar, now):
    old = make_registration(seminar, cast.employee)
    make_registration(seminar, cast.leader)
    with pytest.raises(AlreadyRegistered):
        substitute_participant(registration=old, user=cast.leader, by=cast.leader, now=now)


@pytest.mark.parametrize("by", ["leader", "coordinator"])
def test_substitute_is_one_of_those_whom_one_may_register(cast, seminar, now, by):
    """Never whoever's address is typed: it would be a letter and a place in their calendar."""
    old = make_registration(seminar, cast.employee)
    with pytest.raises(NotForThem, match="Velg en av dine egne ansatte, eller deg selv"):
        substitute_participant(registration=old, user=cast.stranger, by=getattr(cast, by), now=now)
    assert list(Registration.objects.values_list("user", "state")) == [
        (cast.employee.pk, "registered")
    ]
    assert cast.stranger.letters.count() == 0


def test_one_may_come_instead_oneself(cast, seminar, now):
    old = make_registration(seminar, cast.employee)
    new = substitute_participant(registration=old, user=cast.leader, by=cast.leader, now=now)
    assert new.state == "registered"


def test_substitute_is_one_whom_the_seminar_is_for_unless_the_organiser_says_so(cast, seminar, now):
    old = make_registration(seminar, cast.leader)
    seminar.audiences.create(kind="leaders")
    with pytest.raises(NotForThem, match="ikke åpent for målgruppen"):
        substitute_participant(registration=old, user=cast.employee, by=cast.leader, now=now)
    new = substitute_participant(registration=old, user=cast.employee, by=cast.organiser, now=now)
    assert new.state == "registered"


def test_who_waits_has_no_seat_to_hand_over(cast, seminar, now):
    old = make_registration(seminar, cast.employee, state="waitlisted")
    with pytest.raises(NotChangeable):
        substitute_participant(registration=old, user=cast.stranger, by=cast.leader, now=now)


def test_seat_of_an_agency_stays_in_it(cast, seminar, now):
    reserve_seats(
        seminar=seminar, agency=cast.agency, seats=1, release_at=None, by=cast.organiser, now=now
    )
    old = register_for_seminar(seminar=seminar, by=cast.employee, now=now)
    with pytest.raises(NotForThem, match="holdt av til Bydel Fjordbyen"):
        substitute_participant(registration=old, user=cast.stranger, by=cast.organiser, now=now)
    colleague = make_employee(cast.unit, "Kollega")
    new = substitute_participant(registration=old, user=colleague, by=cast.organiser, now=now)
    assert new.pool_id == old.pool_id


def test_seat_of_a_pool_that_was_released_is_handed_over_as_an_open_one(cast, seminar, now):
    pool = reserve_seats(
        seminar=seminar, agency=cast.agency, seats=1, release_at=None, by=cast.organiser, now=now
    )
    old = register_for_seminar(seminar=seminar, by=cast.employee, now=now)
    release_pool(pool=pool, by=cast.organiser, now=now)
    new = substitute_participant(registration=old, user=cast.stranger, by=cast.organiser, now=now)
    assert (new.state, new.pool) == ("registered", None)


# ---- for whom ------------------------------------------------------------------------------------


def audience(seminar, kind, *, agencies=(), people=(), **fields) -> Audience:
    made = Audience.objects.create(seminar=seminar, kind=kind, **fields)
    made.agencies.set(agencies)
    made.people.set(people)
    return made


def may(seminar, person, now) -> bool:
    try:
        register_for_seminar(seminar=seminar, by=person, now=now)
    except NotForThem:
        return False
    return True


def test_leaders_only_lets_leaders_in(cast, seminar, now):
    audience(seminar, "leaders")
    assert [may(seminar, who, now) for who in (cast.leader, cast.employee)] == [True, False]


def test_agencies_let_in_those_who_work_there(cast, seminar, now):
    audience(seminar, "agencies", agencies=[cast.agency])
    people = (cast.employee, cast.leader, cast.stranger)
    assert [may(seminar, who, now) for who in people] == [True, True, False]


def test_list_lets_in_those_who_stand_on_it(cast, seminar, now):
    audience(seminar, "listed", people=[cast.stranger])
    assert [may(seminar, who, now) for who in (cast.stranger, cast.leader)] == [True, False]


def test_having_led_on_a_date_lets_in(cast, seminar, now, today):
    audience(seminar, "led_on", led_on=today)
    assert [may(seminar, who, now) for who in (cast.leader, cast.employee)] == [True, False]


def test_having_led_only_before_or_after_the_date_does_not(cast, seminar, now):
    audience(seminar, "led_on", led_on=dt.date(1970, 1, 1))
    assert may(seminar, cast.leader, now) is False


def test_leaders_may_come_earlier_than_everybody(cast, seminar, now):
    audience(seminar, "leaders")
    audience(seminar, "everyone", opens_at=now + dt.timedelta(days=3))
    assert may(seminar, cast.leader, now) is True
    with pytest.raises(NotOpen, match="Påmeldingen åpner"):
        register_for_seminar(seminar=seminar, by=cast.employee, now=now)


def test_audience_of_the_one_who_comes_is_asked(cast, seminar, now):
    audience(seminar, "leaders")
    with pytest.raises(NotForThem, match="målgruppen"):
        register_staff(seminar=seminar, user=cast.employee, by=cast.leader, now=now)
    row = register_on_behalf(seminar=seminar, user=cast.employee, by=cast.organiser, now=now)
    assert row.state == "registered"


def test_audiences_are_said_in_words(cast, seminar, now, today):
    opens = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)
    seminar.registration_opens_at = dt.datetime(2026, 11, 9, 7, tzinfo=dt.UTC)
    assert terms_of(seminar) == ["Alle ansatte, fra mandag 9. november 2026 kl. 08.00"]
    audience(seminar, "leaders", opens_at=opens, levels=["level:agency", "depth:1", "name:enhet"])
    audience(seminar, "agencies", agencies=[cast.agency])
    audience(seminar, "led_on", led_on=dt.date(2026, 1, 1))
    audience(seminar, "agencies")
    assert terms_of(seminar) == [
        "Ledere (virksomhet, nivå 1 under virksomheten, enhet), "
        "fra mandag 2. november 2026 kl. 08.00",
        "Bydel Fjordbyen, fra mandag 9. november 2026 kl. 08.00",
        "De som ledet en enhet 1. januar 2026, fra mandag 9. november 2026 kl. 08.00",
        "Ansatte i valgte virksomheter, fra mandag 9. november 2026 kl. 08.00",
    ]


@pytest.mark.parametrize(
    ("levels", "who_may"),
    [
        ([], ["leader", "manager"]),
        (["name:avdeling"], ["manager"]),
        (["depth:1"], ["manager"]),
        (["depth:2"], ["leader"]),
        (["depth:2", "depth:1"], ["leader", "manager"]),
        (["level:agency"], []),
    ],
)
def test_leaders_at_a_level_are_let_in(cast, seminar, now, levels, who_may):
    audience(seminar, "leaders", levels=levels)
    people = ("leader", "manager", "employee")
    assert [who for who in people if may(seminar, getattr(cast, who), now)] == who_may


def test_level_is_the_one_led_on_the_date(cast, seminar, now, today):
    """The manager has another unit today; whoever led a department that day is asked for."""
    Leadership.objects.filter(user=cast.manager).update(valid_to=today - dt.timedelta(days=10))
    make_leadership(cast.manager, cast.sibling_unit, since=today - dt.timedelta(days=9))
    asked = audience(
        seminar, "led_on", led_on=today - dt.timedelta(days=20), levels=["name:avdeling"]
    )
    assert may(seminar, cast.manager, now) is True
    asked.led_on = today
    asked.save()
    new = make_employee(cast.department, "Ny Leder")
    make_leadership(new, cast.department, since=today)
    assert may(seminar, new, now) is True
    assert may(seminar, cast.leader, now) is False


def test_level_of_no_leader_is_refused_by_the_database(seminar):
    with pytest.raises(IntegrityError, match="audience_levels_are_of_leaders"):
        seminar.audiences.create(kind="everyone", levels=["level:agency"])
