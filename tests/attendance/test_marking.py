from __future__ import annotations

import datetime as dt

import pytest

from attendance.marking.actions import MarkingResult, mark_attendance
from attendance.marking.marks import marks_in, seen_in, unrecorded_as_attended
from attendance.models import Attendance
from attendance.refusals import NotInList, NotYet
from common import dates
from people.models import AuditRecord
from seminars.models import Seminar, SeminarState
from seminars.participants.counts import counts_of
from seminars.refusals import NotChangeable
from seminars.rules import may_mark_attendance
from tests.seminars.factories import make_participants, make_registration, make_seminar


def outcomes(seminar: Seminar) -> dict[int, str]:
    rows = Attendance.objects.filter(registration__seminar=seminar)
    return dict(rows.values_list("registration", "outcome"))


def test_mark_sets_many_at_once_and_counts_them(begun, cast, organiser, now):
    first, second, third = make_participants(begun, cast.unit, 3)
    marks = {first.pk: "attended", second.pk: "no_show"}
    assert mark_attendance(seminar=begun, marks=marks, by=organiser, now=now).stored == 2
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
    assert mark_attendance(seminar=begun, marks=marks, by=cast.manager, now=later).stored == 2
    assert outcomes(begun) == {first.pk: "excused", third.pk: "attended"}
    assert Attendance.objects.get(registration=first).marked_by == cast.manager
    assert Attendance.objects.get(registration=third).marked_by == organiser


def test_mark_is_audited_with_what_was_and_became(begun, cast, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    for outcome in ("no_show", "no_show", "excused"):
        mark_attendance(seminar=begun, marks={row.pk: outcome}, by=organiser, now=now)
    records = AuditRecord.objects.filter(action="attendance.mark_attendance").order_by("pk")
    assert [record.details for record in records] == [
        {"changes": [[row.pk, "", "no_show"]]},
        {"changes": [[row.pk, "no_show", "excused"]]},
    ]


@pytest.mark.parametrize("which", ["waiting", "awaiting", "elsewhere", "nobody"])
def test_mark_refuses_a_row_without_a_seat_here_and_stores_none(
    which, begun, cast, organiser, leader, now
):
    (row,) = make_participants(begun, cast.unit, 1)
    elsewhere = make_seminar(cast.other_agency, created_by=organiser)
    strange = {
        "waiting": make_registration(begun, leader, state="waitlisted").pk,
        "awaiting": make_registration(
            begun, cast.employee, state="awaiting", approver=cast.manager
        ).pk,
        "elsewhere": make_registration(elsewhere, cast.stranger).pk,
        "nobody": 10**9,
    }
    marks = {row.pk: "attended", strange[which]: "attended"}
    with pytest.raises(NotInList):
        mark_attendance(seminar=begun, marks=marks, by=organiser, now=now)
    assert Attendance.objects.count() == 0


def test_mark_refuses_words_that_are_no_outcome(begun, cast, organiser, now):
    first, second = make_participants(begun, cast.unit, 2)
    marks = {first.pk: "attended", second.pk: "late"}
    with pytest.raises(NotInList):
        mark_attendance(seminar=begun, marks=marks, by=organiser, now=now)
    assert outcomes(begun) == {}


def test_mark_leaves_what_another_has_marked_since_the_page_was_made(begun, cast, organiser, now):
    first, second, third = make_participants(begun, cast.unit, 3)
    theirs = {first.pk: "no_show", second.pk: "attended"}
    mark_attendance(seminar=begun, marks=theirs, by=cast.manager, now=now)
    seen = {first.pk: "", second.pk: "", third.pk: ""}
    mine = {first.pk: "attended", second.pk: "", third.pk: "excused"}
    result = mark_attendance(seminar=begun, marks=mine, seen=seen, by=organiser, now=now)
    assert outcomes(begun) == theirs | {third.pk: "excused"}
    assert result.stored == 1
    assert [(one.registration, str(one)) for one in result.conflicts] == [
        (
            first,
            f"Mona Lunde førte «Ikke møtt» kl. {dates.clock(now)}. «Møtt» er ikke lagret.",
        )
    ]


def test_mark_that_another_took_back_is_a_conflict_too(begun, cast, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    result = mark_attendance(
        seminar=begun,
        marks={row.pk: "excused"},
        seen={row.pk: "attended"},
        by=organiser,
        now=now,
    )
    assert (result.stored, outcomes(begun)) == (0, {})
    assert [str(one) for one in result.conflicts] == [
        "Oppmøtet er satt til «Ikke ført» av en annen. «Gyldig fravær» er ikke lagret."
    ]


def test_the_same_mark_by_two_is_no_conflict(begun, cast, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    mark_attendance(seminar=begun, marks={row.pk: "attended"}, by=cast.manager, now=now)
    result = mark_attendance(
        seminar=begun, marks={row.pk: "attended"}, seen={row.pk: ""}, by=organiser, now=now
    )
    assert result == MarkingResult(0, [])
    assert Attendance.objects.get().marked_by == cast.manager


def test_mark_is_refused_before_the_day_and_when_called_off(cast, seminar, organiser, now):
    with pytest.raises(NotYet, match="fra dagen"):
        mark_attendance(seminar=seminar, marks={}, by=organiser, now=now)
    called_off = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.CANCELLED)
    with pytest.raises(NotChangeable):
        mark_attendance(seminar=called_off, marks={}, by=organiser, now=now)


def test_mark_is_open_from_the_morning_of_the_day(cast, organiser):
    noon = dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=noon)
    assert may_mark_attendance(seminar, noon - dt.timedelta(hours=11, minutes=30)) is True
    assert may_mark_attendance(seminar, noon - dt.timedelta(hours=12, minutes=30)) is False


def test_everybody_came_leaves_earlier_marks(begun, cast, organiser, now):
    first, second = make_participants(begun, cast.unit, 2)
    mark_attendance(seminar=begun, marks={first.pk: "no_show"}, by=organiser, now=now)
    assert unrecorded_as_attended(begun) == {second.pk: "attended"}


def test_marks_in_reads_only_its_own_fields():
    data = {"outcome-7": "attended", "seen-7": "excused", "csrf": "1", "outcome-8": ""}
    assert (marks_in(data), seen_in(data)) == ({7: "attended", 8: ""}, {7: "excused"})


@pytest.mark.parametrize(
    "name",
    [
        "outcome-x",
        "outcome-",
        "outcome-1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567",
        "outcome-1,234,567",
        "outcome-\N{ARABIC-INDIC DIGIT ONE}",
        "outcome--1",
        "outcome-" + "9" * 19,
    ],
)
def test_marks_in_refuses_a_field_that_names_no_row(name):
    with pytest.raises(NotInList):
        marks_in({"outcome-7": "attended", name: "attended"})
