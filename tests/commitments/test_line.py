"""Between whom an agreement can be: «manager of this person?», never «manager of anyone?»."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from commitments import rules
from commitments.eligible_pairs import mission_for, pairs_of_employee, pairs_of_leader, title_in
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_position, make_unit
from tests.missions.factories import make_mission


def led(cast: Cast, who: str) -> list[tuple[str, str]]:
    pairs = pairs_of_leader(getattr(cast, who), timezone.localdate())
    return [(pair.employee.name, pair.unit.name) for pair in pairs]


def test_a_leader_leads_those_who_work_in_the_unit(cast: Cast) -> None:
    make_employee(cast.unit, "Aase Vik")
    assert led(cast, "leader") == [
        ("Even Moen", "Hjemmetjenesten nord"),
        ("Aase Vik", "Hjemmetjenesten nord"),
    ]


def test_a_leader_above_leads_the_leaders_and_the_vacant_units(cast: Cast) -> None:
    make_employee(cast.sibling_unit, "Nils Berg")
    assert led(cast, "manager") == [
        ("Liv Dahl", "Hjemmetjenesten nord"),
        ("Nils Berg", "Hjemmetjenesten sør"),
    ]


@pytest.mark.parametrize("who", ["employee", "hr", "organiser", "administrator", "stranger"])
def test_who_leads_nobody_has_no_people(cast: Cast, who: str) -> None:
    assert led(cast, who) == []


def test_a_leader_does_not_lead_those_who_have_left(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    cast.employee.positions.update(valid_to=yesterday)
    assert led(cast, "leader") == []


def test_an_employee_has_the_manager_of_each_position(cast: Cast) -> None:
    other = make_unit("Natt", parent=cast.department)
    night = make_leader(other, "Nora Natt")
    make_position(cast.employee, other, title="Vikar")
    pairs = pairs_of_employee(cast.employee, timezone.localdate())
    assert [(pair.leader, pair.unit) for pair in pairs] == [
        (cast.leader, cast.unit),
        (night, other),
    ]


def test_two_positions_in_one_unit_are_one_conversation(cast: Cast) -> None:
    make_position(cast.employee, cast.unit, title="Fagkoordinator")
    today = timezone.localdate()
    assert len(pairs_of_employee(cast.employee, today)) == 1
    assert len(pairs_of_leader(cast.leader, today)) == 1


def test_whoever_stands_at_the_top_has_nobody(cast: Cast) -> None:
    assert pairs_of_employee(cast.manager, timezone.localdate()) == []


def test_both_sides_agree_on_who_leads_whom(cast: Cast) -> None:
    make_employee(cast.sibling_unit, "Nils Berg")
    today = timezone.localdate()
    people = [cast.leader, cast.employee, cast.manager]
    from_above = {pair.key for one in people for pair in pairs_of_leader(one, today)}
    people += [pair.employee for pair in pairs_of_leader(cast.manager, today)]
    from_below = {pair.key for one in people for pair in pairs_of_employee(one, today)}
    assert from_above == from_below


def may_start(cast: Cast, who: str, leader: str, employee: str) -> bool:
    return rules.may_start(
        getattr(cast, who),
        leader=getattr(cast, leader),
        employee=getattr(cast, employee),
        unit=cast.unit,
        today=timezone.localdate(),
    )


def test_the_two_may_start(cast: Cast) -> None:
    assert may_start(cast, "leader", "leader", "employee")
    assert may_start(cast, "employee", "leader", "employee")
    assert may_start(cast, "leader", "manager", "leader")


@pytest.mark.parametrize(
    ("who", "leader", "employee"),
    [
        ("manager", "leader", "employee"),
        ("administrator", "leader", "employee"),
        ("manager", "manager", "employee"),
        ("leader", "leader", "stranger"),
        ("stranger", "leader", "stranger"),
        ("employee", "manager", "employee"),
        ("leader", "employee", "leader"),
    ],
)
def test_nobody_else_may_start(cast: Cast, who: str, leader: str, employee: str) -> None:
    assert not may_start(cast, who, leader, employee)


def test_the_title_is_the_one_in_that_unit(cast: Cast) -> None:
    make_position(cast.employee, cast.sibling_unit, title="Vikar")
    today = timezone.localdate()
    units = (cast.unit, cast.sibling_unit, cast.agency)
    assert [title_in(cast.employee, unit, today) for unit in units] == ["Konsulent", "Vikar", ""]


def test_the_mission_is_the_units_own_before_one_above(cast: Cast) -> None:
    today = timezone.localdate()
    assert mission_for(cast.unit, today) is None
    above = make_mission(cast.agency)
    assert mission_for(cast.unit, today) == above
    own = make_mission(cast.unit)
    assert mission_for(cast.unit, today) == own
    newer = make_mission(cast.unit)
    assert mission_for(cast.unit, today) == newer
