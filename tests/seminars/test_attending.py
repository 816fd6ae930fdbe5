from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction

from people.models import AuditRecord
from seminars.actions import mark_attendance
from seminars.attendance import counts_of, marks_in, may_be_marked, unrecorded_as_attended
from seminars.models import Attendance, Registration, Seminar, SeminarState
from seminars.refusals import NotChangeable, NotYet
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def begun(cast, now) -> Seminar:
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )


def outcomes(seminar: Seminar) -> dict[int, str]:
    rows = Attendance.objects.filter(registration__seminar=seminar)
    return dict(rows.values_list("registration", "outcome"))


def test_mark_sets_many_at_once_and_counts_them(begun, cast, organiser, now):
    first, second, third = make_participants(begun, cast.unit, 3)
    marks = {first.pk: "attended", second.pk: "no_show"}
    assert mark_attendance(seminar=begun, marks=marks, by=organiser, now=now) == 2
    assert outcomes(begun) == marks
    counts = counts_of(begun)
    assert (counts.registered, counts.waiting, counts.unrecorded) == (3, 0, 1)
    assert (counts.attended, counts.no_show, counts.excused) == (1, 1, 0)
    assert third.pk not in outcomes(begun)


def test_mark_changes_takes_back_and_leaves_alone(begun, cast, organiser, now):
    first, second, third = make_participants(begun, cast.unit, 3)
    mark_attendance(
        seminar=begun,
        marks={first.pk: "attended", second.pk: "attended", third.pk: "attended"},
        by=organiser,
        now=now,
    )
    later = now + dt.timedelta(minutes=5)
    marks = {first.pk: "excused", second.pk: "", third.pk: "attended"}
    assert mark_attendance(seminar=begun, marks=marks, by=cast.manager, now=later) == 2
    assert outcomes(begun) == {first.pk: "excused", third.pk: "attended"}
    assert Attendance.objects.get(registration=first).marked_by == cast.manager
    assert Attendance.objects.get(registration=third).marked_by == organiser


def test_mark_is_audited_with_what_was_and_became(begun, cast, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    for outcome in ("no_show", "no_show", "excused"):
        mark_attendance(seminar=begun, marks={row.pk: outcome}, by=organiser, now=now)
    records = AuditRecord.objects.filter(action="seminars.mark_attendance").order_by("pk")
    assert [record.details for record in records] == [
        {"changes": [[row.pk, "", "no_show"]]},
        {"changes": [[row.pk, "no_show", "excused"]]},
    ]


def test_mark_passes_over_those_without_a_seat_here(begun, cast, organiser, leader, now):
    waiting = make_registration(begun, leader, state="waitlisted")
    elsewhere = make_registration(
        make_seminar(cast.other_agency, created_by=organiser), cast.stranger
    )
    marks = {waiting.pk: "attended", elsewhere.pk: "attended", 10**9: "attended"}
    assert mark_attendance(seminar=begun, marks=marks, by=organiser, now=now) == 0
    assert Attendance.objects.count() == 0


def test_mark_passes_over_words_that_are_no_outcome(begun, cast, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    assert mark_attendance(seminar=begun, marks={row.pk: "late"}, by=organiser, now=now) == 0


def test_mark_is_refused_before_the_day_and_when_called_off(cast, seminar, organiser, now):
    with pytest.raises(NotYet, match="fra dagen"):
        mark_attendance(seminar=seminar, marks={}, by=organiser, now=now)
    called_off = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.CANCELLED)
    with pytest.raises(NotChangeable):
        mark_attendance(seminar=called_off, marks={}, by=organiser, now=now)


def test_mark_is_open_from_the_morning_of_the_day(cast, organiser):
    noon = dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=noon)
    assert may_be_marked(seminar, noon - dt.timedelta(hours=11, minutes=30)) is True
    assert may_be_marked(seminar, noon - dt.timedelta(hours=12, minutes=30)) is False


def test_everybody_came_leaves_earlier_marks(begun, cast, organiser, now):
    first, second = make_participants(begun, cast.unit, 2)
    mark_attendance(seminar=begun, marks={first.pk: "no_show"}, by=organiser, now=now)
    assert unrecorded_as_attended(begun) == {second.pk: "attended"}


def test_marks_in_reads_only_its_own_fields():
    data = {"outcome-7": "attended", "outcome-x": "attended", "csrf": "1", "outcome-8": ""}
    assert marks_in(data) == {7: "attended", 8: ""}


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


def test_a_registration_begins_without_an_outcome(begun, cast):
    row = make_registration(begun, cast.leader)
    row.delete()
    row.pk, row.outcome = None, "attended"
    row.save(force_insert=True)
    assert copied(row) == ""


def test_attendance_stays_with_its_person(begun, cast, organiser, now):
    first, second = make_participants(begun, cast.unit, 2)
    mark_attendance(seminar=begun, marks={first.pk: "attended"}, by=organiser, now=now)
    with pytest.raises(ProgrammingError, match="Cannot update rows"), transaction.atomic():
        Attendance.objects.update(registration=second)
