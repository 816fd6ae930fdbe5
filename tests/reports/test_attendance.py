"""Who came, as half-years that are counted once; and a reader of every page who looks for more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError, ProgrammingError
from django.test import Client
from django.urls import reverse

from attendance.models import Attendance as Mark
from common.small_groups import SMALL_GROUP
from people.models import Leadership, Role, Unit, User
from reports import attendance_counting
from reports.attendance import AttendanceSummary, Reach, attendance_by_agency
from reports.attendance_counting import count_attendance
from reports.bounds import Bounds, bounds_of
from reports.models import AttendanceFigure
from reports.period import Period, counted_half_year
from reports.scope import scope_of
from reports.tasks import count_attendance as task
from seminars.models import Registration
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_leadership, make_role, make_unit
from tests.reports.factories import held, put
from tests.steady import steady_text

HALF_YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
DAY = dt.date(2026, 3, 10)
COUNTED = dt.date(2026, 7, 15)


@pytest.fixture
def everything(cast: Cast):
    make_role(cast.hr, Role.HR, cast.municipality)
    return scope_of(cast.hr, COUNTED)


def leaders_of(agency: Unit, number: int) -> list[User]:
    return [make_leader(make_unit(f"Sone {n}", parent=agency), f"Leder {n}") for n in range(number)]


def put_all(cast: Cast, unit: Unit, people: list[User], came: int, day: dt.date = DAY) -> None:
    """To one seminar, the first of them with «møtt» and the rest with «ikke møtt»."""
    seminar = held(cast, day)
    for place, person in enumerate(people):
        put(seminar, unit, user=person, outcome="attended" if place < came else "no_show")


def told(scope, period: Period = HALF_YEAR) -> dict[int, AttendanceSummary]:
    return attendance_by_agency(scope, period) or {}


# what is told of a group


@pytest.mark.parametrize(
    ("came", "could", "bounds"),
    [
        (9, 9, (0, 9)),
        (0, 9, (0, 9)),
        (0, 10, (0, 4)),
        (4, 10, (0, 4)),
        (5, 10, (5, 5)),
        (6, 10, (6, 10)),
        (10, 10, (6, 10)),
        (5, 20, (5, 5)),
        (15, 20, (15, 15)),
        (16, 20, (16, 20)),
    ],
)
def test_bounds_of_hide_few_and_nearly_all(came: int, could: int, bounds: tuple[int, int]) -> None:
    assert bounds_of(came, could) == Bounds(*bounds)


@pytest.mark.parametrize("could", range(2 * SMALL_GROUP, 25))
def test_bounds_of_leave_each_person_both_ways(could: int) -> None:
    """Whatever is told, nobody is certain to have come and nobody certain to have stayed away."""
    for came in range(could + 1):
        bounds = bounds_of(came, could)
        assert bounds.at_least < could
        assert bounds.at_most > 0
        assert all(bounds_of(other, could) == bounds for other in range(*_open(bounds)))


def _open(bounds: Bounds) -> tuple[int, int]:
    return bounds.at_least, bounds.at_most + 1


# counting


@pytest.mark.parametrize(
    ("today", "half_year"),
    [
        (dt.date(2026, 7, 14), (dt.date(2025, 7, 1), dt.date(2025, 12, 31))),
        (dt.date(2026, 7, 15), (dt.date(2026, 1, 1), dt.date(2026, 6, 30))),
        (dt.date(2027, 1, 14), (dt.date(2026, 1, 1), dt.date(2026, 6, 30))),
        (dt.date(2027, 1, 15), (dt.date(2026, 7, 1), dt.date(2026, 12, 31))),
    ],
)
def test_counted_half_year_is_the_latest_that_was_over_a_fortnight_ago(today, half_year) -> None:
    assert counted_half_year(today) == Period(*half_year)


def test_leaders_and_others_are_counted_apart_and_each_person_once(cast: Cast, everything) -> None:
    leaders = leaders_of(cast.agency, 10)
    others = [make_employee(cast.unit, f"Ansatt {n}") for n in range(11)]
    put_all(cast, cast.unit, [*leaders, *others], came=5)
    put_all(cast, cast.unit, [*others, *leaders], came=6)
    count_attendance(today=COUNTED)
    # Besides the ten: the cast's leader and manager, who were at nothing.
    assert told(everything) == {
        cast.agency.pk: AttendanceSummary(Bounds(11, 11), Reach(12, Bounds(5, 5))),
    }


def test_whoever_leads_in_two_agencies_is_counted_where_they_have_led_longest(
    cast: Cast, everything
) -> None:
    leaders = leaders_of(cast.agency, 10)
    for number, leader in enumerate(leaders):
        unit = make_unit(f"Ny {number}", parent=cast.other_agency)
        make_leadership(leader, unit, since=dt.date(2026, 5, 1))
    put_all(cast, cast.other_unit, leaders, came=5)
    count_attendance(today=COUNTED)
    assert told(everything) == {
        cast.agency.pk: AttendanceSummary(Bounds(5, 5), Reach(12, Bounds(5, 5))),
    }


def test_what_was_counted_stays_when_marks_leaders_and_units_change(cast: Cast, everything) -> None:
    leaders = leaders_of(cast.agency, 10)
    put_all(cast, cast.unit, leaders, came=5)
    assert count_attendance(today=COUNTED) == 1
    before = told(everything)
    Mark.objects.filter(outcome="no_show").update(outcome="attended")
    Leadership.objects.filter(user__in=leaders[:3]).update(valid_to=dt.date(2026, 7, 20))
    make_leadership(cast.stranger, cast.sibling_unit, since=dt.date(2026, 6, 30))
    Unit.objects.filter(parent=cast.agency).update(
        parent=cast.other_agency, agency=cast.other_agency
    )
    assert count_attendance(today=COUNTED + dt.timedelta(days=40)) == 0
    assert (before, told(everything)) == (
        {cast.agency.pk: AttendanceSummary(Bounds(5, 5), Reach(12, Bounds(5, 5)))},
        before,
    )


def test_a_day_on_which_somebody_begins_to_lead_divides_no_two_periods(
    cast: Cast, everything
) -> None:
    leaders = leaders_of(cast.agency, 10)
    Leadership.objects.filter(user=leaders[0]).update(valid_from=dt.date(2026, 6, 10))
    put_all(cast, cast.unit, leaders, came=5)
    count_attendance(today=COUNTED)
    assert [
        attendance_by_agency(everything, Period(HALF_YEAR.first, dt.date(2026, 6, day)))
        for day in (9, 10, 29)
    ] == [None, None, None]


def test_reach_is_of_the_latest_half_year_and_attendance_of_all(cast: Cast, everything) -> None:
    leaders = leaders_of(cast.agency, 10)
    put_all(cast, cast.unit, leaders, came=5, day=dt.date(2025, 9, 10))
    count_attendance(today=dt.date(2026, 1, 20))
    put_all(cast, cast.unit, leaders, came=3)
    count_attendance(today=COUNTED)
    year = Period(dt.date(2025, 7, 1), dt.date(2026, 7, 31))
    assert told(everything, year) == {
        cast.agency.pk: AttendanceSummary(Bounds(5, 9), Reach(12, Bounds(0, 4))),
    }


def test_hr_of_a_part_of_an_agency_is_told_of_nobody(cast: Cast) -> None:
    put_all(cast, cast.unit, leaders_of(cast.agency, 10), came=5)
    count_attendance(today=COUNTED)
    make_role(cast.stranger, Role.HR, cast.department)
    assert attendance_by_agency(scope_of(cast.stranger, COUNTED), HALF_YEAR) is None
    assert set(told(scope_of(cast.hr, COUNTED))) == {cast.agency.pk}


def test_the_task_counts_the_latest_half_year(cast: Cast) -> None:
    task()
    assert set(AttendanceFigure.objects.values_list("agency", flat=True)) == {cast.agency.pk}


# what PostgreSQL keeps


def test_a_figure_never_changes(cast: Cast) -> None:
    count_attendance(today=COUNTED)
    with (
        pytest.raises((InternalError, ProgrammingError), match="Cannot update"),
        transaction.atomic(),
    ):
        AttendanceFigure.objects.update(at_most=1)


@pytest.mark.parametrize(("at_least", "at_most"), [(1, 1), (4, 10), (7, 6), (5, 11)])
def test_no_figure_of_a_small_group_is_let_in(cast: Cast, at_least: int, at_most: int) -> None:
    with (
        pytest.raises(IntegrityError, match="attendance_tells_of_no_small_group"),
        transaction.atomic(),
    ):
        AttendanceFigure.objects.create(
            first_day=HALF_YEAR.first,
            agency=cast.agency,
            group="leaders",
            people=10,
            at_least=at_least,
            at_most=at_most,
            counted_on=COUNTED,
        )


# The attack: everything that HR can ask for, in every world that might be the true one.

PERIODS = [
    ("2026-01-01", "2026-06-30"),
    ("2025-07-01", "2026-12-31"),
    ("2026-01-01", "2026-06-29"),
    ("2026-01-02", "2026-06-30"),
    ("2026-03-01", "2026-03-31"),
    ("2026-03-10", "2026-03-10"),
    ("2026-03-11", "2026-12-31"),
]
World = dict[int, bool]
"""Who came, by person."""


@pytest.fixture
def groups(cast: Cast) -> list[tuple[Unit, list[User], int]]:
    """Unit, people and how many of them came: all, half, nobody, one of few."""
    return [
        (cast.unit, leaders_of(cast.agency, 12), 12),
        (cast.unit, [make_employee(cast.unit, f"Ansatt {n}") for n in range(14)], 7),
        (cast.other_unit, leaders_of(cast.other_agency, 10), 0),
        (cast.other_unit, [make_employee(cast.other_unit, f"Ansatt {n}") for n in range(4)], 1),
    ]


def possible_worlds(groups: list[tuple[Unit, list[User], int]]) -> list[World]:
    """The true one, then those in which each person once did the opposite of some other.

    Within a group the answers move one place on; where all did the same, one person differs.
    """
    worlds = []
    for turn in range(1 + max(len(people) for _unit, people, _came in groups)):
        world: World = {}
        for _unit, people, came in groups:
            marks = [place < came for place in range(len(people))]
            moved = turn % len(people)
            marks = marks[moved:] + marks[:moved]
            if turn and came in (0, len(people)):
                marks[turn % len(people)] = not came
            world |= {person.pk: mark for person, mark in zip(people, marks, strict=True)}
        worlds.append(world)
    return worlds


def read_everything(browsers: list[Client], agencies: list[Unit], seminar: int) -> list[str]:
    """Every page and file with figures, for every period, as each of the readers gets it."""
    answers = []
    for browser in browsers:
        answers.append(_text(browser, reverse("reports:seminar", args=[seminar])))
        for first, last in PERIODS:
            asked = {"period": "custom", "first": first, "last": last}
            for name in ("participation", "participation_csv"):
                answers.append(_text(browser, reverse(f"reports:{name}"), asked))
            for agency in agencies:
                answers.append(_text(browser, reverse("reports:agency", args=[agency.pk]), asked))
    return answers


def _text(browser: Client, url: str, asked: dict[str, str] | None = None) -> str:
    return steady_text(browser.get(url, asked or {}))


def betrayed(
    cast: Cast, signed_in: Callable[[User], Client], groups: list[tuple[Unit, list[User], int]]
) -> set[int]:
    """Those who did the same in every world that reads like the true one."""
    seminar = held(cast, DAY)
    for unit, people, _came in groups:
        for person in people:
            put(seminar, unit, user=person, outcome="no_show")
    make_role(cast.stranger, Role.HR, cast.municipality)
    make_role(cast.employee, Role.HR, cast.sibling_unit)
    browsers = [signed_in(one) for one in (cast.stranger, cast.hr, cast.employee)]
    worlds, read = possible_worlds(groups), []
    for world in worlds:
        for came, outcome in ((True, "attended"), (False, "no_show")):
            who = [pk for pk, mark in world.items() if mark is came]
            of_them = Registration.objects.filter(user__in=who)
            Mark.objects.filter(registration__in=of_them).update(outcome=outcome)
        AttendanceFigure.objects.all().delete()
        count_attendance(today=COUNTED)
        read.append(read_everything(browsers, [cast.agency, cast.other_agency], seminar.pk))
    alike = [world for world, text in zip(worlds, read, strict=True) if text == read[0]]
    return {pk for pk in worlds[0] if len({world[pk] for world in alike}) == 1}


@pytest.mark.django_db
@pytest.mark.no_cover
def test_no_page_or_file_betrays_who_came(cast: Cast, signed_in, groups) -> None:
    assert betrayed(cast, signed_in, groups) == set()


@pytest.mark.django_db
@pytest.mark.no_cover
def test_control_numbers_shown_as_they_are_betray_people(
    cast: Cast, signed_in, groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance_counting, "bounds_of", lambda came, could: Bounds(came, came))
    with transaction.atomic():
        # The guard of the database is out as well.
        _without_constraint()
        found = betrayed(cast, signed_in, groups)
    assert {person.pk for person in groups[0][1]} <= found


def _without_constraint() -> None:
    constraint = "attendance_tells_of_no_small_group"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE reports_attendancefigure DROP CONSTRAINT {constraint}")
