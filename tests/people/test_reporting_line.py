"""The reporting line in SQL, walked up and down, against a plain walk in Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from people.models import Position, Unit, User
from people.organisation import line_manager_of, line_managers_of
from people.reporting_line import positions_led_by
from tests.cast import Cast
from tests.factories import make_leader, make_leadership, make_position, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 2)


def positions_of(leader: User, on: dt.date) -> set[tuple[User, Unit]]:
    """Who works where under this leader, asked from the top."""
    led = Position.objects.filter(pk__in=positions_led_by(leader.pk, on))
    return {(one.user, one.unit) for one in led.select_related("user", "unit")}


def test_who_works_in_the_unit_is_led_by_its_leader_alone(cast: Cast, today: dt.date) -> None:
    assert positions_of(cast.leader, today) == {(cast.employee, cast.unit)}
    assert positions_of(cast.manager, today) == {(cast.leader, cast.unit)}


def test_who_leads_nothing_leads_nobody(cast: Cast, today: dt.date) -> None:
    assert positions_of(cast.employee, today) == set()
    assert positions_of(cast.stranger, today) == set()


def test_an_inactive_leader_leads_nobody_and_is_passed(cast: Cast, today: dt.date) -> None:
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert positions_of(cast.leader, today) == set()
    assert (cast.employee, cast.unit) in positions_of(cast.manager, today)
    assert line_manager_of(cast.employee, on=today) == cast.manager


def test_a_leadership_holds_on_its_last_day_and_not_after(cast: Cast, today: dt.date) -> None:
    cast.leader.leaderships.update(valid_to=today)
    assert line_manager_of(cast.employee, on=today) == cast.leader
    assert positions_of(cast.leader, today) == {(cast.employee, cast.unit)}
    assert line_manager_of(cast.employee, on=today + DAY) == cast.manager
    assert positions_of(cast.leader, today + DAY) == set()


def test_a_leadership_holds_from_its_first_day_and_not_before(cast: Cast, today: dt.date) -> None:
    cast.leader.leaderships.update(valid_from=today)
    assert line_manager_of(cast.employee, on=today) == cast.leader
    assert line_manager_of(cast.employee, on=today - DAY) == cast.manager
    assert positions_of(cast.leader, today - DAY) == set()


def test_nobody_leads_themself_in_two_units_below_each_other(cast: Cast, today: dt.date) -> None:
    below = make_unit(parent=cast.unit)
    make_leadership(cast.leader, below)
    make_position(cast.leader, below)
    assert line_manager_of(cast.leader, on=today, unit=below) == cast.manager
    assert (cast.leader, below) in positions_of(cast.manager, today)
    assert cast.leader not in {person for person, _unit in positions_of(cast.leader, today)}


def test_a_vacancy_is_led_by_the_leader_above(cast: Cast, today: dt.date) -> None:
    here = make_user()
    make_position(here, cast.sibling_unit)
    assert (here, cast.sibling_unit) in positions_of(cast.manager, today)
    own = make_leader(cast.sibling_unit)
    assert line_manager_of(here, on=today) == own
    assert (here, cast.sibling_unit) not in positions_of(cast.manager, today)


def test_who_stands_at_the_top_is_led_by_nobody(cast: Cast, today: dt.date) -> None:
    top = make_leader(cast.municipality)
    assert line_managers_of(top, on=today) == []
    assert (cast.manager, cast.department) in positions_of(top, today)


def test_a_unit_without_a_leader_in_it_or_above_has_no_line_manager(today: dt.date) -> None:
    alone = make_user()
    make_position(alone, make_unit(parent=make_unit()))
    assert line_manager_of(alone, on=today) is None


def test_what_closed_is_not_followed_to_its_successor(cast: Cast, today: dt.date) -> None:
    """The line is the tree; who follows a closed unit is asked of agreements and missions."""
    heir = cast.other_unit
    chief = make_leader(heir)
    cast.sibling_unit.successors.add(heir)
    here = make_user()
    make_position(here, cast.sibling_unit)
    assert line_manager_of(here, on=today) == cast.manager
    assert here not in {person for person, _unit in positions_of(chief, today)}


# Trees of any shape

MOST_PEOPLE, MOST_UNITS = 5, 6
PERIODS = [
    (TODAY - DAY * 9, None),
    (TODAY - DAY * 9, TODAY),
    (TODAY - DAY * 9, TODAY - DAY),
    (TODAY, None),
    (TODAY + DAY, None),
]
"""Open, on its last day, ended, on its first day, and to come."""

Place = tuple[int, int, int]
"""The number of a person, of a unit, and of a period."""


@dataclass(frozen=True)
class Municipality:
    """Units by their parent's number (the first has none), and who works in and leads them."""

    parents: list[int]
    inactive: set[int]
    positions: list[Place]
    leaderships: dict[int, tuple[int, int]]
    successors: set[tuple[int, int]]

    def leader(self, unit: int) -> int | None:
        """The one that leads the unit today and may sign in."""
        if unit not in self.leaderships:
            return None
        person, period = self.leaderships[unit]
        begins, ends = PERIODS[period]
        holds = begins <= TODAY and (ends is None or ends >= TODAY)
        return person if holds and person not in self.inactive else None

    def line_manager(self, person: int, unit: int) -> int | None:
        """The rule, walked as it is said."""
        at: int | None = unit
        while at is not None:
            leader = self.leader(at)
            if leader is not None and leader != person:
                return leader
            at = self.parents[at - 1] if at else None
        return None


@st.composite
def municipalities(draw: st.DrawFn) -> Municipality:
    parents = [
        draw(st.integers(0, number)) for number in range(draw(st.integers(0, MOST_UNITS - 1)))
    ]
    unit = st.integers(0, len(parents))
    person = st.integers(0, MOST_PEOPLE - 1)
    period = st.integers(0, len(PERIODS) - 1)
    return Municipality(
        parents=parents,
        inactive=draw(st.sets(person, max_size=2)),
        positions=draw(st.lists(st.tuples(person, unit, period), min_size=1, max_size=8)),
        leaderships=draw(st.dictionaries(unit, st.tuples(person, period))),
        successors=draw(st.sets(st.tuples(unit, unit).filter(lambda two: two[0] != two[1]))),
    )


TWO_STEPS_OF_ONE_LEADER = Municipality(
    parents=[0, 1, 2],
    inactive={4},
    positions=[(1, 3, 0), (2, 3, 1), (2, 2, 0), (0, 1, 0), (3, 3, 4)],
    leaderships={0: (0, 0), 1: (1, 0), 2: (4, 0), 3: (1, 1)},
    successors={(3, 0)},
)

THREE_LEADERS_BELOW_EACH_OTHER = Municipality(
    parents=[0, 1, 2],
    inactive=set(),
    positions=[(0, 0, 0), (1, 1, 0), (2, 2, 0), (3, 3, 0)],
    leaderships={0: (0, 0), 1: (1, 0), 2: (2, 0)},
    successors=set(),
)


@settings(max_examples=25)
@example(THREE_LEADERS_BELOW_EACH_OTHER)
@example(TWO_STEPS_OF_ONE_LEADER)
@given(municipalities())
def test_up_and_down_say_what_a_plain_walk_says(case: Municipality) -> None:
    with transaction.atomic():
        units, people = _stored(case)
        expected = {
            (person, unit, case.line_manager(person, unit))
            for person in range(MOST_PEOPLE)
            for unit in range(len(units))
        }
        assert _upwards(units, people) == expected
        working = [
            (person, unit, case.line_manager(person, unit))
            for person, unit, period in case.positions
            if PERIODS[period][0] <= TODAY and (PERIODS[period][1] or TODAY) >= TODAY
        ]
        found = [
            (people.index(one.user), units.index(one.unit), number)
            for number, leader in enumerate(people)
            for one in Position.objects.filter(
                pk__in=positions_led_by(leader.pk, TODAY)
            ).select_related("user", "unit")
        ]
        assert sorted(found) == sorted(row for row in working if row[2] is not None)
        transaction.set_rollback(True)


def _stored(case: Municipality) -> tuple[list[Unit], list[User]]:
    units = [make_unit("Enhet 0")]
    for number, parent in enumerate(case.parents, start=1):
        units.append(make_unit(f"Enhet {number}", parent=units[parent]))
    people = [
        make_user(f"Person {number}", is_active=number not in case.inactive)
        for number in range(MOST_PEOPLE)
    ]
    for number, (person, unit, period) in enumerate(case.positions):
        begins, ends = PERIODS[period]
        title = f"Stilling {number}"
        make_position(people[person], units[unit], title=title, since=begins, valid_to=ends)
    for unit, (person, period) in case.leaderships.items():
        begins, ends = PERIODS[period]
        make_leadership(people[person], units[unit], since=begins, until=ends)
    for closed, heir in case.successors:
        units[closed].successors.add(units[heir])
    return units, people


def _upwards(units: list[Unit], people: list[User]) -> set[tuple[int, int, int | None]]:
    found = set()
    for number, person in enumerate(people):
        for place, unit in enumerate(units):
            manager = line_manager_of(person, on=TODAY, unit=unit)
            found.add((number, place, None if manager is None else people.index(manager)))
    return found


def test_the_functions_are_planned_as_part_of_the_query_that_asks(cast: Cast) -> None:
    """A function that PostgreSQL does not look into is a scan that says its name."""
    asked = [
        "SELECT * FROM people_leaders(%(on)s)",
        "SELECT * FROM people_position JOIN LATERAL"
        " people_line_manager(user_id, unit_id, %(on)s) ON true",
        "SELECT * FROM people_position WHERE id IN"
        " (SELECT position_id FROM people_positions_led(%(who)s, %(on)s))",
    ]
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}", {"on": TODAY, "who": cast.leader.pk})
            assert "Function Scan" not in "\n".join(line for (line,) in cursor.fetchall())
