"""Letting people in at a door: who is, once however often it is sent, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from attendance import codes
from attendance.derived import write_derived
from attendance.door.actions import (
    Sighting,
    let_in_unregistered,
    record_the_rest,
    scan,
    undo_scan,
)
from attendance.door.rules import DoorAnswer, closes_at, opens_at
from attendance.models import Attendance, AttendanceMark, DoorKey, Scan, ScanWay, UndoneScan
from attendance.refusals import DoorIsClosed, ScanIsAnothers, TooLateToUndo
from common.dates import OSLO
from outbox.models import Letter
from people.models import AuditRecord
from seminars.refusals import Full
from seminars.seats.withdrawal import withdraw_registration
from tests.attendance.factories import seen
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)

HOUR = dt.timedelta(hours=1)


def outcomes(seminar) -> dict[int, str]:
    rows = Attendance.objects.filter(registration__seminar=seminar)
    return dict(rows.values_list("registration", "outcome"))


def test_whoever_has_a_seat_is_let_in_and_has_attended(session, participant, organiser, noon):
    result = scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)
    assert (result.answer, result.is_new) == (DoorAnswer.WELCOME, True)
    participant.refresh_from_db()
    assert participant.outcome == "attended"
    assert participant.session_attendance.get().outcome == "attended"


def test_the_second_time_the_first_scan_stands(session, participant, organiser, cast, noon):
    first = scan(session=session, seen=seen(participant, noon, door="A"), by=organiser, now=noon)
    later = noon + 10 * dt.timedelta(minutes=1)
    again = scan(
        session=session, seen=seen(participant, later, door="B"), by=cast.manager, now=later
    )
    assert again.answer == DoorAnswer.ALREADY_IN
    assert (again.scan, again.is_new) == (first.scan, False)
    assert Scan.objects.count() == 2


def test_what_a_phone_without_network_saw_first_stands_first(
    session, participant, organiser, cast, noon
):
    """It comes in after another door has let the same person in, and happened before."""
    scan(session=session, seen=seen(participant, noon, door="A"), by=organiser, now=noon)
    earlier, came_in = noon - 20 * dt.timedelta(minutes=1), noon + HOUR
    result = scan(
        session=session, seen=seen(participant, earlier, door="B"), by=cast.manager, now=came_in
    )
    assert result.answer == DoorAnswer.ALREADY_IN
    assert result.scan is not None
    assert (result.scan.door, result.scan.happened_at) == ("B", earlier)


def test_the_same_scan_sent_twice_is_one(session, participant, organiser, noon):
    sent = seen(participant, noon)
    answers = [scan(session=session, seen=sent, by=organiser, now=noon) for _ in range(3)]
    assert [(one.answer, one.is_new) for one in answers] == [(DoorAnswer.WELCOME, True)] * 3
    assert Scan.objects.count() == 1


def test_a_key_is_not_used_for_another_person_or_by_another(
    session, held, participant, organiser, cast, noon
):
    other = make_participants(held, cast.unit, 1)[0]
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    with pytest.raises(ScanIsAnothers):
        scan(session=session, seen=seen(other, noon, key=sent.key), by=organiser, now=noon)
    with pytest.raises(ScanIsAnothers):
        scan(session=session, seen=sent, by=cast.manager, now=noon)
    assert outcomes(held) == {participant.pk: "attended"}


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("waitlisted", DoorAnswer.WAITING),
        ("offered", DoorAnswer.UNCERTAIN),
        ("withdrawn", DoorAnswer.NOT_REGISTERED),
        ("removed", DoorAnswer.NOT_REGISTERED),
    ],
)
def test_nobody_without_a_certain_seat_is_let_in(
    session, held, cast, organiser, noon, state, answer
):
    registration = make_registration(held, cast.leader, state=state)
    result = scan(session=session, seen=seen(registration, noon), by=organiser, now=noon)
    assert (result.answer, Scan.objects.count()) == (answer, 0)
    assert outcomes(held) == {}


def test_somebody_of_another_seminar_is_not_found_by_number(session, cast, organiser, noon):
    other = make_seminar(cast.other_agency, created_by=organiser, starts_at=noon)
    stranger = make_registration(other, cast.leader)
    result = scan(session=session, seen=seen(stranger, noon), by=organiser, now=noon)
    assert result.answer == DoorAnswer.NOT_REGISTERED
    assert result.registration is None


# codes


def by_code(code: str, at: dt.datetime) -> Sighting:
    return Sighting(key=uuid.uuid4(), device_time=at, way=ScanWay.CODE, code=code)


def test_a_code_lets_its_seat_in(session, held, participant, organiser, noon):
    code = codes.code_of(participant.pk, codes.key_of(held))
    result = scan(session=session, seen=by_code(code, noon), by=organiser, now=noon)
    assert (result.answer, result.registration) == (DoorAnswer.WELCOME, participant)


def test_a_code_photographed_and_used_twice_is_told(session, held, participant, organiser, noon):
    code = codes.code_of(participant.pk, codes.key_of(held))
    scan(session=session, seen=by_code(code, noon), by=organiser, now=noon)
    result = scan(session=session, seen=by_code(code, noon), by=organiser, now=noon + HOUR)
    assert result.answer == DoorAnswer.ALREADY_IN


def test_a_withdrawn_or_substituted_seats_code_is_dead(
    cast, organiser, noon, held, session, participant
):
    code = codes.code_of(participant.pk, codes.key_of(held))
    type(participant).objects.filter(pk=participant.pk).update(
        state="removed", withdrawn_at=noon + HOUR
    )
    result = scan(session=session, seen=by_code(code, noon), by=organiser, now=noon)
    assert result.answer == DoorAnswer.NOT_REGISTERED


def test_a_code_of_another_seminar_is_told_apart_from_one_made_up(
    session, held, cast, organiser, noon
):
    other = make_seminar(cast.other_agency, created_by=organiser, starts_at=noon)
    registration = make_registration(other, cast.leader)
    true = codes.code_of(registration.pk, codes.key_of(other))
    made_up = codes.code_of(registration.pk, codes.key_of(held))
    answers = [
        scan(session=session, seen=by_code(code, noon), by=organiser, now=noon).answer
        for code in (true, made_up, "LP999999999999999999.AAAAAAAAAAAAAAAA")
    ]
    assert answers == [
        DoorAnswer.OTHER_SEMINAR,
        DoorAnswer.UNKNOWN_CODE,
        DoorAnswer.UNKNOWN_CODE,
    ]


def test_a_new_key_makes_every_code_that_is_out_worthless(
    session, held, participant, organiser, noon
):
    code = codes.code_of(participant.pk, codes.key_of(held))
    DoorKey.objects.filter(seminar=held).delete()
    result = scan(session=session, seen=by_code(code, noon), by=organiser, now=noon)
    assert result.answer == DoorAnswer.UNKNOWN_CODE


# sessions


def test_a_parallel_session_has_its_own_door(held, cast, organiser, noon):
    first, second = make_choice(held, 20, 20, starts_at=noon)
    participant = make_participants(held, cast.unit, 1)[0]
    choose(participant, first)
    for one in (first, second):
        one.seminar = held
    result = scan(session=second, seen=seen(participant, noon), by=organiser, now=noon)
    assert result.answer == DoorAnswer.OTHER_SESSION
    result = scan(session=first, seen=seen(participant, noon), by=organiser, now=noon)
    assert result.answer == DoorAnswer.WELCOME


def test_whoever_comes_to_one_session_and_not_to_the_other_has_partly_attended(
    held, session, cast, organiser, noon
):
    second = held.sessions.create(starts_at=noon + HOUR, ends_at=noon + 2 * HOUR, title="Del 2")
    second.seminar = held
    participant = make_participants(held, cast.unit, 1)[0]
    scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)
    assert outcomes(held) == {participant.pk: "attended"}
    assert record_the_rest(session=second, by=organiser, now=noon + 2 * HOUR) == 1
    assert outcomes(held) == {participant.pk: "partly"}
    late = noon + 3 * HOUR
    scan(session=second, seen=seen(participant, noon + HOUR), by=organiser, now=late)
    assert outcomes(held) == {participant.pk: "attended"}


def test_the_rest_are_those_of_whom_nothing_is_recorded_in_that_session(
    held, session, cast, organiser, noon
):
    came, excused, absent = make_participants(held, cast.unit, 3)
    make_registration(held, cast.leader, state="waitlisted")
    scan(session=session, seen=seen(came, noon), by=organiser, now=noon)
    AttendanceMark.objects.create(
        registration=excused, session=session, outcome="excused", by=organiser
    )
    write_derived([excused], by=organiser, now=noon)
    assert record_the_rest(session=session, by=organiser, now=noon) == 1
    assert outcomes(held) == {
        came.pk: "attended",
        excused.pk: "excused",
        absent.pk: "no_show",
    }


# time


def test_the_door_is_open_on_the_days_of_its_session(session, participant, organiser):
    for now in (opens_at(session) - dt.timedelta(seconds=1), closes_at(session)):
        with pytest.raises(DoorIsClosed):
            scan(session=session, seen=seen(participant, now), by=organiser, now=now)
    at = opens_at(session)
    assert scan(session=session, seen=seen(participant, at), by=organiser, now=at).is_new


def test_the_door_opens_as_the_day_begins_in_oslo(cast, organiser):
    early = dt.datetime(2026, 3, 30, 0, 30, tzinfo=OSLO)
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=early)
    session = seminar.sessions.get()
    assert opens_at(session) == dt.datetime(2026, 3, 30, 0, 0, tzinfo=OSLO)
    assert closes_at(session) == dt.datetime(2026, 3, 31, 0, 0, tzinfo=OSLO)


def test_a_clock_that_is_wrong_says_when_it_came_in(session, participant, organiser, noon):
    ahead = noon + 2 * HOUR
    result = scan(session=session, seen=seen(participant, ahead), by=organiser, now=noon)
    assert result.scan is not None
    assert (result.scan.happened_at, result.scan.device_time) == (noon, ahead)


def test_what_was_seen_in_time_is_stored_the_next_day_and_no_later(
    session, participant, organiser, noon
):
    late, sent = closes_at(session) + HOUR, seen(participant, noon)
    result = scan(session=session, seen=sent, by=organiser, now=late)
    assert result.scan is not None
    assert (result.answer, result.scan.happened_at) == (DoorAnswer.WELCOME, noon)
    other = seen(participant, noon)
    with pytest.raises(DoorIsClosed):
        scan(session=session, seen=other, by=organiser, now=late + dt.timedelta(days=2))


def test_nobody_is_let_in_to_what_is_cancelled_while_the_door_is_open(
    session, held, participant, organiser, noon
):
    held.state, held.cancelled_at, held.cancel_reason = "cancelled", noon, "Brann."
    held.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    with pytest.raises(DoorIsClosed, match="avlyst"):
        scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)


# undo


def test_undone_within_a_minute_nobody_was_there(session, held, participant, organiser, noon):
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    soon = noon + dt.timedelta(seconds=59)
    undo_scan(session=session, key=sent.key, by=organiser, now=soon)
    undo_scan(session=session, key=sent.key, by=organiser, now=soon)
    assert (outcomes(held), Scan.objects.count(), UndoneScan.objects.count()) == ({}, 1, 1)
    assert AuditRecord.objects.filter(action="attendance.undo_scan").count() == 1
    again = scan(session=session, seen=seen(participant, soon), by=organiser, now=soon)
    assert again.answer == DoorAnswer.WELCOME


def test_after_a_minute_it_is_corrected_with_a_reason(session, held, participant, organiser, noon):
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    with pytest.raises(TooLateToUndo):
        undo_scan(session=session, key=sent.key, by=organiser, now=noon + 2 * HOUR)
    assert outcomes(held) == {participant.pk: "attended"}


def test_nobody_undoes_what_another_has_let_in(session, participant, organiser, cast, noon):
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    assert undo_scan(session=session, key=sent.key, by=cast.manager, now=noon) is None
    assert UndoneScan.objects.count() == 0


def test_the_first_undone_the_second_stands(session, participant, organiser, cast, noon):
    first = seen(participant, noon, door="A")
    scan(session=session, seen=first, by=organiser, now=noon)
    scan(session=session, seen=seen(participant, noon, door="B"), by=cast.manager, now=noon)
    undo_scan(session=session, key=first.key, by=organiser, now=noon)
    result = scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)
    assert result.scan is not None
    assert (result.answer, result.scan.door) == (DoorAnswer.ALREADY_IN, "B")


# walk-ins


def test_a_stranger_gets_a_free_seat_and_is_in(session, held, cast, organiser, noon):
    result = let_in_unregistered(
        session=session, user=cast.stranger, by=organiser, now=noon, door="A", key=uuid.uuid4()
    )
    assert (result.answer, result.is_new) == (DoorAnswer.WELCOME, True)
    assert held.registrations.get(user=cast.stranger).outcome == "attended"


def test_no_stranger_is_let_in_to_a_full_hall(cast, organiser, noon):
    seminar = make_seminar(
        cast.other_agency, created_by=organiser, starts_at=noon - HOUR, capacity=1
    )
    make_participants(seminar, cast.unit, 1)
    session = seminar.sessions.get()
    session.seminar = seminar
    with pytest.raises(Full):
        let_in_unregistered(
            session=session, user=cast.stranger, by=organiser, now=noon, door="", key=uuid.uuid4()
        )
    assert (Scan.objects.count(), Letter.objects.count()) == (0, 0)


# guards


@pytest.mark.parametrize("model", [Scan, UndoneScan, AttendanceMark])
def test_sources_never_change_and_go_with_their_seminar(
    model, session, held, participant, organiser, noon
):
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    undo_scan(session=session, key=sent.key, by=organiser, now=noon)
    AttendanceMark.objects.create(
        registration=participant, session=session, outcome="", by=organiser
    )
    field = {"Scan": "door", "UndoneScan": "at", "AttendanceMark": "outcome"}[model.__name__]
    value = noon if field == "at" else "excused"
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        model.objects.update(**{field: value})
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)
    # Foreign keys that are checked at the end would stop it by themselves.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic():
        execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_whoever_withdraws_between_two_days_keeps_the_day_they_came(cast, organiser, noon):
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=noon - HOUR)
    later = noon + dt.timedelta(days=7)
    seminar.sessions.create(starts_at=later, ends_at=later + HOUR, title="Dag 2")
    seminar.refresh_from_db()
    session = seminar.sessions_in_order()[0]
    session.seminar = seminar
    participant = make_participants(seminar, cast.unit, 1)[0]
    scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)
    withdraw_registration(
        registration=participant, by=participant.user, now=noon + dt.timedelta(days=1)
    )
    participant.refresh_from_db()
    assert (participant.state, participant.outcome) == ("withdrawn", "attended")
