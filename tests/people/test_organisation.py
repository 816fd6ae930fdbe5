"""The line: who leads whom on a day, and what lies above and below."""

import datetime as dt
import time

import pytest

from people.models import Role, Unit
from people.organisation import (
    current_position,
    granted_units,
    line_manager_of,
    line_managers_of,
    line_of,
    subtree_ids,
    units_in_role,
    units_led_by,
)
from people.rules import (
    has_role,
    is_leader,
    is_line_manager_of,
    leads,
    may_grant_roles,
    may_sign_in,
)
from tests.cast import Cast
from tests.factories import (
    SINCE,
    make_leader,
    make_leadership,
    make_position,
    make_role,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_line_manager_leads_the_unit(cast: Cast, today: dt.date) -> None:
    assert line_manager_of(cast.employee, on=today) == cast.leader


def test_leader_has_the_leader_above_and_not_themselves(cast: Cast, today: dt.date) -> None:
    assert line_manager_of(cast.leader, on=today) == cast.manager


def test_vacancies_are_passed_on_the_way_up(cast: Cast, today: dt.date) -> None:
    here = make_user()
    make_position(here, make_unit(parent=cast.sibling_unit))
    assert line_manager_of(here, on=today) == cast.manager


def test_a_person_who_leads_two_steps_is_passed_twice(cast: Cast, today: dt.date) -> None:
    director = make_leader(cast.agency)
    below = make_unit(parent=cast.unit)
    make_leadership(cast.manager, below)
    make_position(cast.manager, below, since=SINCE - DAY)
    assert current_position(cast.manager, today).unit == below
    cast.leader.leaderships.all().delete()
    assert line_manager_of(cast.manager, on=today) == director


def test_nobody_is_above_the_top(cast: Cast, today: dt.date) -> None:
    top = make_leader(cast.municipality)
    assert line_manager_of(top, on=today) is None
    assert line_manager_of(cast.manager, on=today) == top


def test_person_without_a_position_has_no_line_manager(cast: Cast, today: dt.date) -> None:
    assert line_manager_of(make_user(), on=today) is None
    assert line_managers_of(make_user(), on=today) == []


def test_leader_who_may_not_sign_in_is_passed(cast: Cast, today: dt.date) -> None:
    cast.leader.is_active = False
    cast.leader.save()
    assert line_manager_of(cast.employee, on=today) == cast.manager


def test_line_manager_is_whoever_led_on_the_day(cast: Cast, today: dt.date) -> None:
    cast.leader.leaderships.update(valid_to=today - DAY)
    make_leadership(cast.stranger, cast.unit, since=today)
    assert line_manager_of(cast.employee, on=today - DAY) == cast.leader
    assert line_manager_of(cast.employee, on=today) == cast.stranger


def test_position_decides_on_the_day(cast: Cast, today: dt.date) -> None:
    cast.employee.positions.update(valid_to=today - DAY)
    make_position(cast.employee, cast.department, since=today)
    assert line_manager_of(cast.employee, on=today - DAY) == cast.leader
    assert line_manager_of(cast.employee, on=today) == cast.manager


def test_each_position_has_its_line_manager(cast: Cast, today: dt.date) -> None:
    chief = make_leader(cast.other_unit)
    make_position(cast.employee, cast.other_unit, title="Kursholder", since=today)
    make_position(cast.employee, cast.unit, title="Verneombud", since=today)
    assert line_managers_of(cast.employee, on=today) == [cast.leader, chief]
    assert line_manager_of(cast.employee, on=today) == cast.leader
    assert line_manager_of(cast.employee, on=today, unit=cast.other_unit) == chief


def test_first_position_without_a_manager_is_not_replaced_by_the_second(
    cast: Cast, today: dt.date
) -> None:
    make_position(cast.employee, cast.other_unit, since=SINCE - DAY)
    assert line_manager_of(cast.employee, on=today) is None
    assert line_managers_of(cast.employee, on=today) == [cast.leader]


def test_line_manager_is_found_with_one_query(
    cast: Cast, today: dt.date, django_assert_num_queries
) -> None:
    unit = cast.unit
    for _step in range(12):
        unit = make_unit(parent=unit)
    make_position(cast.stranger, unit, since=SINCE - DAY)
    with django_assert_num_queries(1):
        assert line_manager_of(cast.stranger, on=today) == cast.leader
    with django_assert_num_queries(1):
        assert line_managers_of(cast.stranger, on=today) == [cast.leader]


def test_line_goes_from_the_municipality_to_the_unit(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        line = list(line_of(cast.unit))
    assert line == [cast.municipality, cast.agency, cast.department, cast.unit]
    assert [unit.depth for unit in line] == [1, 2, 3, 4]
    assert list(line_of(cast.municipality)) == [cast.municipality]


def test_subtree_holds_the_units_and_all_below_them(cast: Cast) -> None:
    below = Unit.objects.filter(pk__in=subtree_ids([cast.department, cast.other_unit.pk]))
    assert set(below) == {cast.department, cast.unit, cast.sibling_unit, cast.other_unit}
    assert not Unit.objects.filter(pk__in=subtree_ids([])).exists()


def test_units_led_are_those_of_the_day_alone(cast: Cast, today: dt.date) -> None:
    make_leadership(cast.leader, cast.sibling_unit, until=today - DAY)
    make_leadership(cast.manager, cast.other_unit)
    assert list(units_led_by(cast.leader, on=today)) == [cast.unit]
    assert list(units_led_by(cast.manager, on=today)) == [cast.department, cast.other_unit]


def test_role_holds_for_the_subtree_and_its_days(cast: Cast, today: dt.date) -> None:
    assert granted_units(cast.hr, Role.HR, on=today) == [cast.agency.pk]
    assert set(units_in_role(cast.hr, Role.HR, on=today)) == {
        cast.agency,
        cast.department,
        cast.unit,
        cast.sibling_unit,
    }
    cast.hr.role_grants.update(valid_to=today - DAY)
    assert granted_units(cast.hr, Role.HR, on=today) == []
    assert not units_in_role(cast.hr, Role.HR, on=today).exists()


def test_has_role_asks_upward_and_never_sideways(cast: Cast, today: dt.date) -> None:
    assert has_role(cast.hr, Role.HR, today)
    assert has_role(cast.hr, Role.HR, today, unit=cast.unit)
    assert not has_role(cast.hr, Role.HR, today, unit=cast.municipality)
    assert not has_role(cast.hr, Role.HR, today, unit=cast.other_unit)
    assert not has_role(cast.hr, Role.ORGANISER, today)
    assert not has_role(cast.stranger, Role.HR, today)


def test_administrator_grants_roles_in_their_own_part_only(cast: Cast, today: dt.date) -> None:
    make_role(cast.stranger, Role.ADMINISTRATOR, cast.other_agency)
    assert may_grant_roles(cast.stranger, cast.other_unit, today)
    assert not may_grant_roles(cast.stranger, cast.unit, today)
    assert not may_grant_roles(cast.hr, cast.unit, today)


def test_leader_leads_this_very_unit(cast: Cast, today: dt.date) -> None:
    assert is_leader(cast.leader, today)
    assert leads(cast.leader, cast.unit, today)
    assert not leads(cast.manager, cast.unit, today)
    assert not is_leader(cast.employee, today)


def test_manager_of_somebody_is_not_manager_of_everybody(cast: Cast, today: dt.date) -> None:
    assert is_line_manager_of(cast.leader, cast.employee, today)
    assert not is_line_manager_of(cast.manager, cast.employee, today)
    assert not is_line_manager_of(cast.leader, cast.stranger, today)


def test_signing_in_takes_a_position_or_a_role(cast: Cast, today: dt.date) -> None:
    guest = make_user()
    assert may_sign_in(cast.employee, today)
    assert not may_sign_in(guest, today)
    make_role(guest, Role.ORGANISER, cast.agency, until=today)
    assert may_sign_in(guest, today)
    assert not may_sign_in(guest, today + DAY)
    cast.employee.is_active = False
    assert not may_sign_in(cast.employee, today)


def test_questions_are_quick_among_3000_units(cast: Cast, today: dt.date) -> None:
    units = [cast.unit]
    for size in (20, 300, 2680):
        units = Unit.objects.bulk_create(
            Unit(
                hr_id=f"{size}-{number}",
                name="Enhet",
                level="unit",
                level_name="enhet",
                valid_from=SINCE,
                parent=units[number % len(units)],
            )
            for number in range(size)
        )
    make_position(cast.stranger, units[-1], since=SINCE - DAY)
    start = time.process_time()
    for _time in range(20):
        assert line_manager_of(cast.stranger, on=today) == cast.leader
        assert len(line_of(units[-1])) == 7
        assert has_role(cast.hr, Role.HR, today, unit=units[-1])
    # A few milliseconds each, of this process's own time: others may be busy meanwhile.
    assert (time.process_time() - start) / 60 < 0.05
