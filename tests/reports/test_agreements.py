"""Agreements as counts, and an attack on them: what can be found by adding and subtracting?"""

import datetime as dt
import itertools

import pytest

from people.models import Role
from reports.agreements import Block, blocks, signed_by_agency
from reports.participation import participation_report
from reports.period import Period
from reports.scope import scope_of
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_role, make_unit
from tests.reports.factories import oslo, sign, sign_again

TODAY = dt.date(2026, 9, 15)
JANUARY, FEBRUARY, MARCH, APRIL = (dt.date(2026, month, 1) for month in (1, 2, 3, 4))
YEAR = Period(dt.date(2026, 1, 1), TODAY)


@pytest.fixture
def everything(cast: Cast):
    make_role(cast.hr, Role.HR, cast.municipality)
    return scope_of(cast.hr, TODAY)


def sign_many(cast: Cast, day: dt.date, number: int) -> None:
    for _ in range(number):
        sign(cast.unit, cast.leader, day)


def test_months_are_merged_until_they_hold_five() -> None:
    assert blocks([(JANUARY, 3), (FEBRUARY, 3), (MARCH, 7), (APRIL, 4)]) == [
        Block(JANUARY, FEBRUARY, 6),
        Block(MARCH, MARCH, 7),
    ]


def test_the_order_in_which_months_come_does_not_matter() -> None:
    months = [(MARCH, 7), (JANUARY, 3), (FEBRUARY, 3)]
    assert blocks(months) == blocks(sorted(months))


def test_four_in_all_are_in_no_block() -> None:
    assert blocks([(JANUARY, 2), (APRIL, 2)]) == []


def test_five_signed_in_a_month_are_counted(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 5)
    assert signed_by_agency(everything, YEAR, TODAY) == {cast.agency.pk: 5}


def test_four_signed_are_not_told_from_none(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 4)
    assert signed_by_agency(everything, YEAR, TODAY) == {}


def test_the_running_month_waits_until_it_is_over(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 9, 10), 6)
    assert signed_by_agency(everything, YEAR, TODAY) == {}
    october = dt.date(2026, 10, 1)
    period = Period(dt.date(2026, 1, 1), october)
    assert signed_by_agency(everything, period, october) == {cast.agency.pk: 6}


def test_only_blocks_wholly_within_the_period_are_counted(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 2, 10), 3)
    sign_many(cast, dt.date(2026, 3, 10), 3)
    whole = Period(dt.date(2026, 2, 1), dt.date(2026, 3, 31))
    assert signed_by_agency(everything, whole, TODAY) == {cast.agency.pk: 6}
    for first, last in [((2, 2), (3, 31)), ((2, 1), (3, 30)), ((3, 1), (3, 31))]:
        period = Period(dt.date(2026, *first), dt.date(2026, *last))
        assert signed_by_agency(everything, period, TODAY) == {}


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


def test_a_month_begins_at_midnight_in_oslo(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 1, 31), 5)
    january = Period(JANUARY, dt.date(2026, 1, 31))
    assert signed_by_agency(everything, january, TODAY) == {cast.agency.pk: 5}


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
        "Etat for læring": None,
    }


def test_no_agreement_anywhere_is_not_told_from_too_few(cast: Cast, everything) -> None:
    assert participation_report(everything, YEAR, oslo(TODAY)).agreements is None


# The attack: everything the page answers, for every period of whole and broken months, for each
# agency and the sum; then every difference of two answers.

SIGNED_IN_MONTH = {
    "Bydel Fjordbyen": [4, 0, 3, 6, 1, 1, 8],
    "Etat for læring": [1, 1, 1, 1, 1, 0, 2],
}
DAYS = sorted(
    {dt.date(2026, month, day) for month in range(1, 9) for day in (1, 15)}
    | {dt.date(2026, month, 1) - dt.timedelta(days=1) for month in range(2, 9)}
)


@pytest.fixture
def signed(cast: Cast) -> dict[str, list[int]]:
    leaders = {
        "Bydel Fjordbyen": (cast.unit, cast.leader),
        "Etat for læring": (cast.other_unit, make_leader(cast.other_unit, "Lars Li")),
    }
    for agency, months in SIGNED_IN_MONTH.items():
        unit, leader = leaders[agency]
        for month, number in enumerate(months, start=1):
            for _ in range(number):
                sign(unit, leader, dt.date(2026, month, 10))
    return SIGNED_IN_MONTH


def answers(cast: Cast, scope) -> dict[tuple[str, Period], int]:
    """What the page says for each agency and for the sum; too few is as good as nothing."""
    names = {cast.agency.pk: "Bydel Fjordbyen", cast.other_agency.pk: "Etat for læring"}
    told = {}
    for first, last in itertools.combinations(DAYS, 2):
        period = Period(first, last)
        shown = signed_by_agency(scope, period, TODAY)
        for pk, name in names.items():
            told[name, period] = shown.get(pk, 0)
        told["sum", period] = sum(shown.values())
    return told


def nested_differences(told: dict[tuple[str, Period], int]) -> set[int]:
    """One period less another within it, for the same place."""
    found = set()
    for (name, outer), (other, inner) in itertools.product(told, told):
        if name == other and outer.first <= inner.first and inner.last <= outer.last:
            found.add(told[name, outer] - told[other, inner])
    return found


def small(sizes: set[int]) -> set[int]:
    return {size for size in sizes if 0 < abs(size) < 5}


def test_no_subtraction_singles_out_fewer_than_five(cast: Cast, everything, signed) -> None:
    told = answers(cast, everything)
    assert max(told.values()) == 28
    assert small(nested_differences(told)) == set()
    assert small(set(told.values())) == set()
    parts_of_sums = {
        told["sum", period] - told[name, period]
        for name in signed
        for period in {period for _name, period in told}
    }
    assert small(parts_of_sums) == set()


def test_control_the_attack_finds_a_count_that_is_only_hidden_when_small(
    cast: Cast, everything, signed, monkeypatch
) -> None:
    """Hiding what is under five, and no more, is what subtraction undoes."""

    def months_on_their_own(months):
        return [Block(month, month, count) for month, count in sorted(months)]

    monkeypatch.setattr("reports.agreements.blocks", months_on_their_own)
    told = {place: n if n >= 5 else 0 for place, n in answers(cast, everything).items()}
    assert small(set(told.values())) == set()
    assert small(nested_differences(told)) == {1, 2, 3, 4}
