"""The check finds each fault planted with the database's guards turned off, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from attendance.derived import write_derived
from attendance.invariants import INVARIANTS, faults
from attendance.marking.actions import mark_attendance
from attendance.models import Attendance, AttendanceMark, SessionAttendance
from seminars.models import Registration, Seminar
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_registration, make_seminar


@contextmanager
def past_the_guards() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def marked(begun, cast, now) -> Seminar:
    first, second, _unrecorded = make_participants(begun, cast.unit, 3)
    marks = {first.pk: "attended", second.pk: "no_show"}
    mark_attendance(seminar=begun, marks=marks, by=cast.organiser, now=now)
    return begun


def attend_without_a_seat(seminar: Seminar, cast: Cast) -> None:
    waiting = make_registration(seminar, cast.leader, state="waitlisted")
    AttendanceMark.objects.create(
        registration=waiting, session=seminar.sessions.get(), outcome="attended", by=cast.organiser
    )
    write_derived([waiting], by=cast.organiser, now=timezone.now())
    Registration.objects.filter(pk=waiting.pk).update(outcome="attended")


def forget_the_copy(seminar: Seminar, cast: Cast) -> None:
    seminar.registrations.filter(outcome="attended").update(outcome="")


def copy_another_outcome(seminar: Seminar, cast: Cast) -> None:
    seminar.registrations.filter(outcome="no_show").update(outcome="excused")


def copy_what_is_not_recorded(seminar: Seminar, cast: Cast) -> None:
    seminar.registrations.filter(outcome="").update(outcome="attended")


def change_what_was_last_said(seminar: Seminar, cast: Cast) -> None:
    AttendanceMark.objects.filter(outcome="no_show").update(outcome="attended")


def forget_a_session(seminar: Seminar, cast: Cast) -> None:
    absent = Attendance.objects.filter(outcome="no_show").values("registration")
    SessionAttendance.objects.filter(registration__in=absent).delete()
    AttendanceMark.objects.filter(registration__in=absent).delete()


def say_another_in_all(seminar: Seminar, cast: Cast) -> None:
    Attendance.objects.filter(outcome="no_show").update(outcome="excused")
    seminar.registrations.filter(outcome="no_show").update(outcome="excused")


def scan_at_another_seminar(seminar: Seminar, cast: Cast) -> None:
    other = make_seminar(cast.other_agency, created_by=cast.organiser).sessions.get()
    AttendanceMark.objects.filter(outcome="attended").update(session=other)
    SessionAttendance.objects.filter(outcome="attended").update(session=other)


PLANTED = [
    (change_what_was_last_said, "attendance of a session is what was last said of it"),
    (forget_a_session, "attendance in all is what the sessions come to"),
    (say_another_in_all, "attendance in all is what the sessions come to"),
    (scan_at_another_seminar, "a scan and a mark are of a session of the person's seminar"),
    (attend_without_a_seat, "only who had a seat has attended"),
    (forget_the_copy, "a registration says what its attendance says"),
    (copy_another_outcome, "a registration says what its attendance says"),
    (copy_what_is_not_recorded, "a registration says what its attendance says"),
]


def test_each_invariant_has_a_fault_that_breaks_it():
    assert {name for _plant, name in PLANTED} == set(INVARIANTS)


def test_what_is_marked_by_the_action_has_no_fault(marked):
    assert faults() == []


@pytest.mark.parametrize(
    ("plant", "name"), PLANTED, ids=[plant.__name__ for plant, _name in PLANTED]
)
def test_a_planted_fault_is_found_and_no_other(marked, cast, plant, name):
    with past_the_guards():
        plant(marked, cast)
    assert {fault.invariant for fault in faults()} == {name}
    with pytest.raises(CommandError, match="found against"):
        call_command("check_invariants")
