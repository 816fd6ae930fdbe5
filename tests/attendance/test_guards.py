"""What PostgreSQL keeps of who came, whatever the code says."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from attendance.actions import mark_attendance
from attendance.models import Attendance
from seminars.models import Registration
from tests.seminars.factories import make_participants, make_registration


def test_an_outcome_is_one_of_three(begun, cast):
    registration = make_registration(begun, cast.leader)
    with pytest.raises(IntegrityError, match="attendance_outcome_is_known"), transaction.atomic():
        Attendance.objects.create(
            registration=registration, outcome="late", marked_by=cast.organiser
        )


def copied(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).outcome


def test_a_registration_says_what_its_attendance_says(begun, cast, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    said = [copied(row)]
    for outcome in ("attended", "excused", ""):
        mark_attendance(seminar=begun, marks={row.pk: outcome}, by=organiser, now=now)
        said.append(copied(row))
    assert said == ["", "attended", "excused", ""]


def test_the_outcome_of_a_registration_is_never_written_by_itself(begun, cast, organiser, now):
    first, second = make_participants(begun, cast.unit, 2)
    mark_attendance(seminar=begun, marks={first.pk: "no_show"}, by=organiser, now=now)
    first.save()  # read before the mark, and so without it
    Registration.objects.filter(pk=second.pk).update(outcome="attended")
    assert [copied(first), copied(second)] == ["no_show", ""]


def test_attendance_stays_with_its_person(begun, cast, organiser, now):
    first, second = make_participants(begun, cast.unit, 2)
    mark_attendance(seminar=begun, marks={first.pk: "attended"}, by=organiser, now=now)
    with pytest.raises(ProgrammingError, match="Cannot update rows"), transaction.atomic():
        Attendance.objects.update(registration=second)
