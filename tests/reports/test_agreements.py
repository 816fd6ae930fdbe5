"""Agreements as counts, and attacks on them: what can be found by adding, subtracting and names?"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable

import pytest
from django.urls import reverse

from common.small_groups import SMALL_GROUP
from people.models import Position, Role
from reports import agreements
from reports.agreements import ByHalfYear, Spell, signed_by_agency, told_of
from reports.bounds import Bounds, bounds_of
from reports.exports import rows
from reports.participation import participation_report
from reports.period import Period, half_year_of
from reports.scope import scope_of
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_role, make_unit
from tests.reports.factories import oslo, sign, sign_again

TODAY = dt.date(2026, 9, 15)
YEAR = Period(dt.date(2026, 1, 1), TODAY)
SPRING = half_year_of(dt.date(2026, 1, 1))
FEW = Bounds(0, 4)


@pytest.fixture
def everything(cast: Cast):
    make_role(cast.hr, Role.HR, cast.municipality)
    return scope_of(cast.hr, TODAY)


@pytest.fixture
def told(cast: Cast, everything):
    """What is told of the agency in which five of the cast work, who sign nothing."""

    def told(period: Period = YEAR, today: dt.date = TODAY) -> Bounds | None:
        found = signed_by_agency(everything, period, today)
        return found and found[cast.agency.pk]

    return told


def sign_many(cast: Cast, day: dt.date, number: int) -> None:
    for _ in range(number):
        sign(cast.unit, cast.leader, day)


def test_five_signed_in_a_half_year_are_counted(cast: Cast, told) -> None:
    for month in range(1, 6):
        sign_many(cast, dt.date(2026, month, 10), 1)
    assert told() == Bounds(5, 5)


def test_four_signed_are_not_told_from_none(cast: Cast, told) -> None:
    for _ in range(5):
        make_employee(cast.unit)
    assert told() == FEW
    sign_many(cast, dt.date(2026, 3, 10), 4)
    assert told() == FEW


def test_of_fewer_than_ten_who_could_sign_nothing_is_told(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 4)
    assert told() == Bounds(0, 9)


def test_all_who_signed_are_not_told_from_nearly_all(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    assert told() == Bounds(6, 6)
    for left, person in enumerate((cast.employee, cast.hr, cast.coordinator, cast.manager), 1):
        sign(cast.unit, cast.leader, dt.date(2026, 3, 10), employee=person)
        assert told() == Bounds(7, 11), left


def test_six_of_six_in_an_agency_are_too_few_to_be_told(cast: Cast, everything) -> None:
    agency = make_unit("Etat for seks", parent=cast.municipality)
    leader = make_leader(make_unit("Seksjon", parent=cast.other_agency), "Lars Li")
    for _ in range(6):
        sign(agency, leader, dt.date(2026, 3, 10))
    found = signed_by_agency(everything, YEAR, TODAY)
    assert found is not None
    assert found[agency.pk] == Bounds(0, 6)


def test_the_rest_of_the_same_people_in_the_next_half_year_are_not_told(cast: Cast, told) -> None:
    """Of eleven six sign, then the five who are left: all eleven would be known to have signed."""
    sign_many(cast, dt.date(2025, 12, 10), 6)
    for person in (cast.employee, cast.hr, cast.coordinator, cast.manager):
        sign(cast.unit, cast.leader, dt.date(2026, 3, 10), employee=person)
    other = make_leader(make_unit("Sone", parent=cast.agency), "Lars Li")
    sign(cast.unit, other, dt.date(2026, 3, 10), employee=cast.leader)
    assert told(SPRING) == Bounds(0, 6)


def test_who_has_left_before_the_half_year_ends_hides_nobody(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    assert told() == Bounds(6, 6)
    Position.objects.filter(user=cast.hr).update(valid_to=dt.date(2026, 6, 29))
    assert told() == Bounds(6, 10)
    Position.objects.filter(user=cast.hr).update(valid_to=dt.date(2026, 6, 30))
    assert told() == Bounds(6, 6)


def test_who_comes_after_the_half_year_hides_nobody(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    Position.objects.filter(user=cast.hr).update(valid_from=dt.date(2026, 7, 1))
    assert told() == Bounds(6, 10)
    Position.objects.filter(user=cast.hr).update(valid_from=dt.date(2026, 6, 30))
    assert told() == Bounds(6, 6)


def test_a_new_title_is_not_a_break_and_two_positions_are_one_person(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    Position.objects.filter(user=cast.hr).update(valid_to=dt.date(2026, 3, 31))
    for unit in (cast.unit, cast.department):
        Position.objects.create(user=cast.hr, unit=unit, title="Ny", valid_from=dt.date(2026, 4, 1))
    assert told() == Bounds(6, 6)


def test_four_in_one_half_year_are_not_helped_by_the_next(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2025, 12, 10), 4)
    sign_many(cast, dt.date(2026, 1, 10), 5)
    autumn = half_year_of(dt.date(2025, 7, 1))
    assert told(autumn) == FEW
    assert told(Period(autumn.first, TODAY)) == Bounds(5, 9)


def test_the_running_half_year_waits_until_it_is_over(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 9, 10), 6)
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert told(period, TODAY) == FEW
    assert told(period, dt.date(2026, 12, 31)) == FEW
    assert told(period, dt.date(2027, 1, 1)) == FEW + Bounds(6, 6)


def test_only_half_years_wholly_within_the_period_are_counted(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    assert told(SPRING) == Bounds(6, 6)
    for first, last in [
        ((1, 2), (6, 30)),
        ((1, 1), (6, 29)),
        ((3, 1), (3, 31)),
        ((7, 1), (12, 31)),
    ]:
        assert told(Period(dt.date(2026, *first), dt.date(2026, *last))) is None


def test_a_period_without_a_half_year_is_not_counted_rather_than_too_few(
    cast: Cast, everything
) -> None:
    month = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    sign_many(cast, dt.date(2026, 3, 10), 4)
    for period, words in [(month, "–"), (SPRING, "for få")]:
        report = participation_report(everything, period, oslo(TODAY))
        assert report.signed == words
        assert {row.signed for row in report.rows} == {words}


def test_a_person_is_counted_when_the_first_agreement_is_signed(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 1, 10), 4)
    agreement = sign(cast.unit, cast.leader, dt.date(2026, 1, 20))
    sign_again(agreement, dt.date(2026, 3, 1))
    assert told() == Bounds(5, 5)


def test_one_person_with_five_agreements_is_still_one(cast: Cast, told) -> None:
    employee = make_employee(cast.unit)
    for number in range(5):
        leader = make_leader(make_unit(f"Sone {number}", parent=cast.unit), f"Leder {number}")
        sign(cast.unit, leader, dt.date(2026, 1, 10 + number), employee=employee)
    assert told() == FEW


def test_a_half_year_ends_at_midnight_in_oslo(cast: Cast, told) -> None:
    sign_many(cast, dt.date(2026, 6, 30), 5)
    assert told(SPRING) == Bounds(5, 5)


def test_hr_of_a_part_of_an_agency_sees_no_agreements(cast: Cast) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 9)
    make_role(cast.stranger, Role.HR, cast.department)
    assert signed_by_agency(scope_of(cast.stranger, TODAY), YEAR, TODAY) == {}
    found = signed_by_agency(scope_of(cast.hr, TODAY), YEAR, TODAY)
    assert found == {cast.agency.pk: Bounds(9, 9)}


def test_the_sum_is_of_what_is_told(cast: Cast, everything) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    other_leader = make_leader(cast.other_unit, "Lars Li")
    for _ in range(3):
        sign(cast.other_unit, other_leader, dt.date(2026, 3, 10))
    report = participation_report(everything, YEAR, oslo(TODAY))
    assert report.signed == "minst 6"
    assert {str(row.agency): row.signed for row in report.rows} == {
        "Bydel Fjordbyen": "6",
        "Etat for læring": "for få",
    }


def test_no_agreement_anywhere_is_not_told_from_too_few(cast: Cast, everything) -> None:
    assert participation_report(everything, YEAR, oslo(TODAY)).signed == "for få"


@pytest.mark.parametrize(("signed", "cell", "words"), [(6, 6, "6"), (10, "minst 7", "minst 7")])
def test_page_and_files_tell_the_same_of_agreements(
    cast: Cast, everything, signed_in, signed, cell, words
) -> None:
    sign_many(cast, dt.date(2026, 3, 10), 6)
    for person in (cast.employee, cast.hr, cast.coordinator, cast.manager)[: signed - 6]:
        sign(cast.unit, cast.leader, dt.date(2026, 3, 10), employee=person)
    report = participation_report(everything, SPRING, oslo(TODAY))
    assert rows(report)[0][-1] == cell
    asked = {"period": "custom", "first": "01.01.2026", "last": "30.06.2026"}
    browser = signed_in(cast.hr)
    page = browser.get(reverse("reports:participation"), asked).context["report"]
    assert page.rows[0].signed == words
    csv = browser.get(reverse("reports:participation_csv"), asked).content.decode("utf-8-sig")
    assert csv.splitlines()[1].rpartition(";")[2].strip('"') == words


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
FOR_GOOD = dt.date(9999, 12, 1)
Signed = dict[str, dict[tuple[int, int], int]]
Told = dict[tuple[str, Period], int]


@pytest.fixture
def counted(monkeypatch):
    """Answer for these counts, without as many rows, where a thousand work in each agency."""
    spells = {name: [Spell(FOR_GOOD, dt.date(2025, 1, 1), 1000)] for name in SIGNED_IN_MONTH}
    monkeypatch.setattr(agreements, "_spells", lambda _scope: spells)

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
        shown = signed_by_agency(None, period, TODAY) or {}  # type: ignore[arg-type]
        for name in SIGNED_IN_MONTH:
            told[name, period] = shown.get(name, Bounds()).at_least  # type: ignore[call-overload]
        told["sum", period] = sum(bounds.at_least for bounds in shown.values())
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
    monkeypatch.setattr(agreements, "bounds_of", lambda count, _could: Bounds(count, count))
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
) -> ByHalfYear:
    closed: ByHalfYear = {}
    begun: dict[int | None, tuple[dt.date, int]] = {}
    for agency, month, count in sorted(months, key=lambda one: one[1]):
        first, people = begun.pop(agency, (month, 0))
        if people + count < 5:
            begun[agency] = first, people + count
            continue
        last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        closed.setdefault(Period(first, last), {})[agency] = people + count
    return closed


# The other attack: whoever knows who works where, and reads what is told of each half-year.

AUTUMN = half_year_of(dt.date(2025, 7, 1))
SPELLS = {
    "stays": Spell(FOR_GOOD, AUTUMN.first, 11),
    "leaves": Spell(SPRING.first, AUTUMN.first, 6),
    "comes": Spell(FOR_GOOD, SPRING.first, 6),
}
World = dict[str, tuple[int, int]]
"""Of each kind of people, how many signed in the autumn and how many in the spring."""


def worlds() -> Iterable[World]:
    stays = SPELLS["stays"].people
    for autumn, leaves, comes in itertools.product(range(stays + 1), range(7), range(7)):
        for spring in range(stays + 1 - autumn):
            yield {"stays": (autumn, spring), "leaves": (leaves, 0), "comes": (0, comes)}


def betrayed() -> set[tuple[str, str]]:
    """Kinds of which so much is known that not any four of them may have signed, or not signed.

    The four may be of several kinds: then it is enough to ask for each number of each kind.
    """
    alike: defaultdict[tuple[Bounds, ...], list[World]] = defaultdict(list)
    for world in worlds():
        signed = {
            half_year: sum(of_kind[place] for of_kind in world.values())
            for place, half_year in enumerate((AUTUMN, SPRING))
        }
        read = tuple(bounds for _half, bounds in told_of(signed, [*SPELLS.values()], TODAY))
        alike[read].append(world)
    return {fault for read in alike.values() for fault in _known_of(read)}


def _known_of(alike: list[World]) -> Iterable[tuple[str, str]]:
    did = [{kind: sum(of_kind) for kind, of_kind in world.items()} for world in alike]
    for four in FOURS:
        if not any(all(one[kind] >= n for kind, n in four.items()) for one in did):
            yield "did not", str(four)
        if not any(
            all(SPELLS[kind].people - one[kind] >= n for kind, n in four.items()) for one in did
        ):
            yield "did", str(four)


FOURS = [
    dict(zip(SPELLS, numbers, strict=True))
    for numbers in itertools.product(range(SMALL_GROUP), repeat=len(SPELLS))
    if sum(numbers) == SMALL_GROUP - 1
]


@pytest.mark.no_cover
def test_of_no_four_people_is_it_known_that_one_signed_or_did_not() -> None:
    assert betrayed() == set()


@pytest.mark.no_cover
def test_control_a_count_without_an_upper_bound_betrays_those_who_signed(monkeypatch) -> None:
    def at_least_five(count: int, could: int) -> Bounds:
        return Bounds(count, count) if count >= SMALL_GROUP else Bounds(0, SMALL_GROUP - 1)

    monkeypatch.setattr(agreements, "bounds_of", at_least_five)
    assert {what for what, _who in betrayed()} == {"did"}


@pytest.mark.no_cover
def test_control_half_years_bounded_each_by_itself_betray_those_who_stay(monkeypatch) -> None:
    monkeypatch.setattr(agreements, "_without", lambda _people, spells, _half_year: spells)
    assert {what for what, _who in betrayed()} == {"did"}


@pytest.mark.parametrize("could", range(10, 25))
def test_one_half_year_leaves_any_four_both_ways(could: int) -> None:
    for count in range(could + 1):
        bounds = bounds_of(count, could)
        assert could - bounds.at_least >= SMALL_GROUP - 1
        assert bounds.at_most >= SMALL_GROUP - 1
