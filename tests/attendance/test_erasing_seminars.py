"""`manage.py erase_seminars`: what the agency's archive plan decides has a command."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from attendance.models import Attendance, PastParticipation, PastSeminar
from people.erasing import KEPT_AFTER_LEAVING, erase_who_left
from people.models import AuditRecord, Position
from reports.attendance_counting import count_attendance
from reports.models import AttendanceFigure
from seminars.models import Invitation, Registration, Seminar
from seminars.retention_periods import KEPT_AT_LEAST
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_registration, make_seminar

DAY = dt.timedelta(days=1)


def erase(unit: Any, *options: str, before: dt.date | None = None) -> list[str]:
    out = StringIO()
    day = before or clock.today() - KEPT_AT_LEAST
    call_command("erase_seminars", "--unit", unit.hr_id, "--before", str(day), *options, stdout=out)
    return out.getvalue().splitlines()


def held(cast: Cast, *, days_ago: int, unit: Any = None) -> Seminar:
    """Somebody came, and somebody was invited."""
    seminar = make_seminar(
        unit or cast.agency, created_by=cast.organiser, starts_at=clock.now() - days_ago * DAY
    )
    came = make_registration(seminar, make_employee(cast.unit))
    Attendance.objects.create(registration=came, outcome="attended", marked_by=cast.organiser)
    Invitation.objects.create(seminar=seminar, user=make_employee(cast.unit))
    return seminar


def test_who_was_in_seminars_before_the_day_is_erased(cast: Cast) -> None:
    old, other = held(cast, days_ago=400), held(cast, days_ago=400, unit=cast.other_agency)
    recent = held(cast, days_ago=300)
    assert erase(cast.agency) == [f"Seminar {old.pk}: 2", "2 rows of 1 seminars."]
    kept = {other.pk, recent.pk}
    for rows in (Registration.objects, Invitation.objects):
        assert set(rows.values_list("seminar", flat=True)) == kept
    assert set(Attendance.objects.values_list("registration__seminar", flat=True)) == kept
    assert Seminar.objects.filter(pk=old.pk).exists()
    record = AuditRecord.objects.get(action="seminars.erase_seminar")
    assert (record.object_id, record.details) == (str(old.pk), {"rows": 2})


def test_whoever_has_left_is_erased_once_no_seminar_refers_to_them(cast: Cast) -> None:
    seminar = held(cast, days_ago=400)
    gone = seminar.registrations.get().user
    last = clock.today() - KEPT_AFTER_LEAVING - DAY
    Position.objects.filter(user=gone).update(valid_to=last)
    assert erase_who_left(now=clock.now()) == 0
    erase(cast.agency)
    assert erase_who_left(now=clock.now()) == 1


def test_what_lists_told_of_before_the_portal_goes_by_the_same_day(cast: Cast) -> None:
    for name, days_ago in (("Gammelt", 400), ("Nytt", 300)):
        day = clock.today() - days_ago * DAY
        past = PastSeminar.objects.create(
            title=name, title_key=name, organiser_unit=cast.agency, first_day=day, last_day=day
        )
        PastParticipation.objects.create(seminar=past, user=cast.employee, outcome="attended")
    assert erase(cast.other_agency) == ["0 rows of 0 seminars."]
    assert erase(cast.agency)[-1] == "1 rows of 1 seminars."
    assert [one.seminar.title for one in PastParticipation.objects.all()] == ["Nytt"]


def test_a_dry_run_erases_nothing(cast: Cast) -> None:
    held(cast, days_ago=400)
    assert erase(cast.agency, "--dry-run")[-1] == "2 rows of 1 seminars."
    assert Registration.objects.count() == 1


def test_what_was_counted_of_attendance_stays(cast: Cast) -> None:
    held(cast, days_ago=400)
    count_attendance(today=clock.today())
    before = list(AttendanceFigure.objects.order_by("pk").values())
    erase(cast.agency)
    assert list(AttendanceFigure.objects.order_by("pk").values()) == before


def test_a_day_too_near_and_an_unknown_unit_are_refused(cast: Cast) -> None:
    held(cast, days_ago=400)
    with pytest.raises(CommandError, match="minst ett år siden"):
        erase(cast.agency, before=clock.today() - KEPT_AT_LEAST + DAY)
    cast.agency.hr_id = "finnes-ikke"
    with pytest.raises(CommandError, match="no such unit"):
        erase(cast.agency)
    assert Registration.objects.count() == 1
