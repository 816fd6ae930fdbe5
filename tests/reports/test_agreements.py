"""Agreements as counts, and an attack on them: what can be found by adding and subtracting?"""

import datetime as dt
import itertools
from collections.abc import Iterable

import pytest

from people.models import Role
from reports import agreements
from reports.agreements import AgencyCounts, signed_by_agency
from reports.participation import participation_report
from reports.period import Period, half_year_of
from reports.scope import scope_of
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_role, make_unit
from tests.reports.factories import oslo, sign, sign_again

TODAY = dt.date(2026, 9, 15)
YEAR = Period(dt.date(2026, 1, 1), TODAY)
SPRING = half_year_of(dt.date(2026, 1, 1))


@pytest.fixture
def everything(cast: Cast):
    make_role(cast.hr, Role.HR, cast.municipality)
    return scope_of(cast.hr, TODAY)


def sign_many(cast: Cast, day: dt.date, number: int) -> None:
    for _ in range(number):
        sign(cast.unit, cast.leader, day)


def test_five_signed_in_a_half_year_are_counted(cast: Cast, everything) -> None:
    for month in range(1, 6):
        sign_many(cast, dt.date(2026, month, 10), 1)
    assert signed_by_agency(everything, YEAR, TODAY) == {cast.agency.pk: 5}


def test_four_signed_are_not_told_from_none(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 4)
    assert signed_by_agency(everything, YEAR, TODAY) == {}


def test_four_in_one_half_year_are_not_helped_by_the_next(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2025, 12, 10), 4)
    sign_many(cast, dt.date(2026, 1, 10), 5)
    both = Period(dt.date(2025, 7, 1), TODAY)
    assert signed_by_agency(everything, both, TODAY) == {cast.agency.pk: 5}


def test_the_running_half_year_waits_until_it_is_over(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 9, 10), 6)
    for today, told in [
        (TODAY, {}),
        (dt.date(2026, 12, 31), {}),
        (dt.date(2027, 1, 1), {cast.agency.pk: 6}),
    ]:
        period = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
        assert signed_by_agency(everything, period, today) == told


def test_only_half_years_wholly_within_the_period_are_counted(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    assert signed_by_agency(everything, SPRING, TODAY) == {cast.agency.pk: 6}
    for first, last in [
        ((1, 2), (6, 30)),
        ((1, 1), (6, 29)),
        ((3, 1), (3, 31)),
        ((7, 1), (12, 31)),
    ]:
        period = Period(dt.date(2026, *first), dt.date(2026, *last))
        assert signed_by_agency(everything, period, TODAY) is None


def test_a_period_without_a_half_year_is_not_counted_rather_than_too_few(
    cast: Cast, everything
) -> None:
    month = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    sign_many(cast, dt.date(2026, 3, 10), 4)
    for period, told, words in [(month, None, "–"), (SPRING, 0, "for få")]:
        report = participation_report(everything, period, oslo(TODAY))
        assert (report.agreements, report.signed) == (told, words)
        assert {row.signed for row in report.rows} == {words}


def test_a_person_is_counted_when_the_first_agreement_is_signed(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 1, 10), 4)
    agreement = sign(cast.unit, cast.leader, dt.date(2026, 1, 20))
    sign_again(agreement, dt.date(2026, 3, 1))
    assert signed_by_agency(everything, YEAR, TODAY) == {cast.agency.pk: 5}


def test_one_person_with_five_agreements_is_still_one(cast: Cast, everything) -> None:
    employee = make_employee(cast.unit)
    for number in range(5):
        leader = make_leader(make_unit(f"Sone {number}", parent=cast.unit), f"Leder {number}")
        sign(cast.unit, leader, dt.date(2026, 1, 10 + number), employee=employee)
    assert signed_by_agency(everything, YEAR, TODAY) == {}


def test_a_half_year_ends_at_midnight_in_oslo(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 6, 30), 5)
    assert signed_by_agency(everything, SPRING, TODAY) == {cast.agency.pk: 5}


def test_hr_of_a_part_of_an_agency_sees_no_agreements(cast: Cast) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 9)
    make_role(cast.stranger, Role.HR, cast.department)
    assert signed_by_agency(scope_of(cast.stranger, TODAY), YEAR, TODAY) == {}
    assert signed_by_agency(scope_of(cast.hr, TODAY), YEAR, TODAY) == {cast.agency.pk: 9}


def test_the_sum_is_of_what_is_shown(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    other_leader = make_leader(cast.other_unit, "Lars Li")
    for _ in range(3):
        sign(cast.other_unit, other_leader, dt.date(2026, 3, 10))
    report = participation_report(everything, YEAR, oslo(TODAY))
    assert report.agreements == 6
    assert {str(row.agency): row.agreements for row in report.rows} == {
        "Bydel Fjordbyen": 6,
        "Etat for læring": 0,
    }


def test_no_agreement_anywhere_is_not_told_from_too_few(cast: Cast, everything) -> None:
    assert participation_report(everything, YEAR, oslo(TODAY)).agreements == 0


# The attack: everything the page answers, for every period of whole and broken months, for each
# agency and the sum; then every difference of two answers.

SIGNED_IN_MONTH = {
    "Bydel Fjordbyen": {(2025, 2): 4, (2025, 8): 3, (2025, 12): 6, (2026, 1): 1, (2026, 6): 8},
    "Etat for læring": {(2025, 3): 5, (2025, 11): 1, (2026, 2): 1, (2026, 3): 1, (2026, 4): 2},
}
MONTHS = [(2025, month) for month in range(1, 13)] + [(2026, month) for month in range(1, 9)]
DAYS = sorted(
    {dt.date(*month, 1) for month in MONTHS}
    | {dt.date(*month, 1) - dt.timedelta(days=1) for month in MONTHS}
)
Signed = dict[str, dict[tuple[int, int], int]]
Told = dict[tuple[str, Period], int]


@pytest.fixture
def counted(monkeypatch):
    """Answer for these counts, without as many rows."""

    def counted(signed: Signed) -> None:
        rows = [
            (name, dt.date(*month, 1), people)
            for name, months in signed.items()
            for month, people in months.items()
        ]
        monkeypatch.setattr(agreements, "_first_signings", lambda _scope, _today: rows)

    return counted


def answers() -> Told:
    """What the page says for each agency and for the sum; too few is as good as nothing."""
    told = {}
    for first, last in itertools.combinations(DAYS, 2):
        period = Period(first, last)
        shown: AgencyCounts = signed_by_agency(None, period, TODAY) or {}  # type: ignore[arg-type]
        for name in SIGNED_IN_MONTH:
            told[name, period] = shown.get(name, 0)  # type: ignore[call-overload]
        told["sum", period] = sum(shown.values())
    return told


def nested_differences(told: Told) -> set[int]:
    """One period less another within it, for the same place."""
    by_place: dict[str, dict[Period, int]] = {}
    for (name, period), people in told.items():
        by_place.setdefault(name, {})[period] = people
    return {
        people - less
        for periods in by_place.values()
        for outer, people in periods.items()
        for inner, less in periods.items()
        if inner.is_within(outer)
    }


def small(sizes: Iterable[int]) -> set[int]:
    return {size for size in sizes if 0 < abs(size) < 5}


def moved() -> Iterable[Signed]:
    """Each month's people in the first and the last month of the same half-year instead."""
    for name, months in SIGNED_IN_MONTH.items():
        for month, people in months.items():
            half_year = half_year_of(dt.date(*month, 1))
            for day in (half_year.first, half_year.last):
                other = (day.year, day.month)
                rest = {at: count for at, count in months.items() if at != month}
                yield SIGNED_IN_MONTH | {name: rest | {other: rest.get(other, 0) + people}}


def test_no_subtraction_singles_out_fewer_than_five(counted) -> None:
    counted(SIGNED_IN_MONTH)
    told = answers()
    assert max(told.values()) == 23
    assert small(nested_differences(told)) == set()
    assert small(told.values()) == set()
    parts_of_sums = {
        told["sum", period] - told[name, period]
        for name in SIGNED_IN_MONTH
        for period in {period for _name, period in told}
    }
    assert small(parts_of_sums) == set()


def test_no_answer_tells_in_which_month_of_a_half_year_anybody_signed(counted) -> None:
    counted(SIGNED_IN_MONTH)
    told = answers()
    for signed in moved():
        counted(signed)
        assert answers() == told


def test_control_the_attack_finds_a_count_that_is_only_hidden_when_small(
    counted, monkeypatch
) -> None:
    """Hiding what is under five, and no more, is what subtraction undoes."""
    counted(SIGNED_IN_MONTH)
    monkeypatch.setattr(agreements, "shown_of", lambda counts: counts)
    told = {place: n if n >= 5 else 0 for place, n in answers().items()}
    assert small(told.values()) == set()
    assert small(nested_differences(told)) != set()


def test_control_groups_that_end_when_they_hold_five_tell_when_somebody_signed(
    counted, monkeypatch
) -> None:
    monkeypatch.setattr(agreements, "by_half_year", merged_until_five)
    counted(SIGNED_IN_MONTH)
    told, worlds = answers(), list(moved())
    betrayed = 0
    for signed in worlds:
        counted(signed)
        betrayed += answers() != told
    assert betrayed > 0


def merged_until_five(
    months: Iterable[tuple[int | None, dt.date, int]],
) -> dict[Period, AgencyCounts]:
    closed: dict[Period, AgencyCounts] = {}
    begun: dict[int | None, tuple[dt.date, int]] = {}
    for agency, month, count in sorted(months, key=lambda one: one[1]):
        first, people = begun.pop(agency, (month, 0))
        if people + count < 5:
            begun[agency] = first, people + count
            continue
        last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        closed.setdefault(Period(first, last), {})[agency] = people + count
    return closed
