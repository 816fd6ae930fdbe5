"""What PostgreSQL keeps of who came, whatever the code says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from attendance.marking.actions import mark_attendance
from attendance.models import Attendance, PastParticipation, PastSeminar
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


def past(cast, **fields) -> PastParticipation:
    seminar = PastSeminar.objects.create(
        title="Nytt",
        title_key="nytt",
        organiser_unit=cast.other_agency,
        first_day=dt.date(2019, 1, 2),
        last_day=fields.pop("last_day", dt.date(2019, 1, 2)),
    )
    return PastParticipation.objects.create(
        seminar=seminar, user=cast.leader, **{"outcome": "attended"} | fields
    )


@pytest.mark.parametrize(
    ("fields", "guard"),
    [
        ({"outcome": "late"}, "past_outcome_is_known"),
        ({"minutes": -1}, "attendance_pastparticipation_minutes_check"),
        ({"last_day": dt.date(2019, 1, 1)}, "past_seminar_days_in_order"),
    ],
)
def test_past_participation_is_what_can_be(cast, fields, guard):
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        past(cast, **fields)
    assert not PastSeminar.objects.exists()


def test_a_past_seminar_is_one_by_title_day_and_organiser(cast):
    past(cast)
    guard = "past_seminar_is_known_by_title_day_and_organiser"
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        past(cast)


def test_past_participation_is_one_a_person(cast):
    seminar = past(cast).seminar
    guard = "past_participation_is_one_a_person"
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        PastParticipation.objects.create(seminar=seminar, user=cast.leader, outcome="no_show")


def test_past_participation_stays_with_its_person(cast):
    row = past(cast)
    for fields in ({"user": cast.employee}, {"seminar_id": row.seminar_id + 1}):
        with pytest.raises(ProgrammingError, match="Cannot update rows"), transaction.atomic():
            PastParticipation.objects.update(**fields)
    PastParticipation.objects.update(outcome="partly")
    assert PastParticipation.objects.get().outcome == "partly"
