"""Each rule about people: who may, and with that who may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from people import rules
from people.models import Role, Substitution, User
from people.substituting import name_substitute
from tests import clock
from tests.cast import KINDS, Cast
from tests.factories import make_employee, make_role, make_user

DAY = dt.timedelta(days=1)


def those_who_may(cast: Cast, rule: Callable[[User], bool]) -> list[str]:
    return [kind for kind in KINDS if rule(getattr(cast, kind))]


def test_may_sign_in_takes_a_position_or_a_role_and_an_account_that_is_open(cast: Cast) -> None:
    today = clock.today()
    outside, adviser = make_user("Uten stilling"), make_user("Bare rolle")
    make_role(adviser, Role.HR, cast.agency)
    closed = make_employee(cast.unit, "Stengt konto", is_active=False)
    people = (cast.employee, adviser, outside, closed)
    assert [rules.may_sign_in(one, today) for one in people] == [True, True, False, False]


def test_is_leader_and_leads_are_of_today(cast: Cast) -> None:
    today = clock.today()
    assert those_who_may(cast, lambda user: rules.is_leader(user, today)) == ["leader", "manager"]
    assert those_who_may(cast, lambda user: rules.leads(user, cast.unit, today)) == ["leader"]
    cast.leader.leaderships.update(valid_to=today - DAY)
    assert those_who_may(cast, lambda user: rules.is_leader(user, today)) == ["manager"]
    assert those_who_may(cast, lambda user: rules.leads(user, cast.unit, today)) == []


def test_has_role_is_that_role_today_there_or_above(cast: Cast) -> None:
    today = clock.today()

    def in_role(role: Role, **where: object) -> list[str]:
        return those_who_may(cast, lambda user: rules.has_role(user, role, today, **where))

    assert in_role(Role.HR) == ["hr"]
    assert in_role(Role.HR, unit=cast.unit) == ["hr"]
    assert in_role(Role.HR, unit=cast.municipality) == []
    assert in_role(Role.HR, unit=cast.other_unit) == []
    assert in_role(Role.LOGISTICS) == []
    cast.hr.role_grants.update(valid_to=today - DAY)
    assert in_role(Role.HR) == []


def test_is_line_manager_of_is_about_that_very_person(cast: Cast) -> None:
    today = clock.today()

    def managers(employee: User) -> list[str]:
        return those_who_may(cast, lambda user: rules.is_line_manager_of(user, employee, today))

    assert managers(cast.employee) == ["leader"]
    assert managers(cast.leader) == ["manager"]
    assert managers(cast.stranger) == []


def test_may_grant_roles_in_ones_own_part(cast: Cast) -> None:
    today = clock.today()
    make_role(cast.stranger, Role.ADMINISTRATOR, cast.other_agency)

    def granters(unit: object) -> list[str]:
        return those_who_may(cast, lambda user: rules.may_grant_roles(user, unit, today))

    assert granters(cast.other_unit) == ["stranger", "administrator"]
    assert granters(cast.unit) == ["administrator"]


def test_may_name_substitute_for_whoever_leads_there(cast: Cast) -> None:
    today = clock.today()

    def namers(leader: User, unit: object) -> list[str]:
        return those_who_may(
            cast, lambda user: rules.may_name_substitute(user, leader, unit, today)
        )

    assert namers(cast.leader, cast.unit) == ["leader", "manager", "administrator"]
    assert namers(cast.manager, cast.department) == ["manager", "administrator"]
    assert namers(cast.leader, cast.department) == []
    assert namers(cast.employee, cast.unit) == []


@pytest.fixture
def substitution(cast: Cast) -> Substitution:
    """The stranger for the leader, as the administrator wanted it."""
    return name_substitute(
        leader=cast.leader,
        substitute=cast.stranger,
        unit=cast.unit,
        valid_from=clock.today(),
        valid_to=clock.today() + 9 * DAY,
        by=cast.administrator,
        now=clock.now(),
        today=clock.today(),
    )


def test_may_end_substitution_when_one_is_concerned_or_could_name_another(
    cast: Cast, substitution: Substitution
) -> None:
    today = clock.today()

    def enders() -> list[str]:
        return those_who_may(
            cast, lambda user: rules.may_end_substitution(user, substitution, today)
        )

    assert enders() == ["stranger", "leader", "manager", "administrator"]
    cast.administrator.role_grants.update(valid_to=today - DAY)
    cast.leader.leaderships.update(valid_to=today - DAY)
    assert enders() == ["stranger", "leader", "administrator"]


def test_words_of_substitutions_take_those_that_hold_and_leave_the_others(
    cast: Cast, substitution: Substitution
) -> None:
    """`standing`, `not_over`, `for_leader_in` and `concerning`."""
    rows, today = Substitution.objects, clock.today()

    def held(on: dt.date, unit: object = cast.unit, leader: User = cast.leader) -> bool:
        return rows.for_leader_in(leader.pk, unit.pk, on).exists()

    assert [held(today + days * DAY) for days in (-1, 0, 9, 10)] == [False, True, True, False]
    assert held(today, cast.sibling_unit) is False
    assert held(today, cast.department) is False
    assert held(today, leader=cast.manager) is False
    assert those_who_may(cast, lambda user: rows.concerning(user).exists()) == [
        "stranger",
        "leader",
        "administrator",
    ]
    days = (9, 10)
    assert [rows.not_over(today + n * DAY).exists() for n in days] == [True, False]
    assert rows.standing().exists()
    rows.update(ended_at=clock.now(), ended_by=cast.leader)
    assert not rows.standing().exists()
    assert not rows.not_over(today).exists()
    assert held(today) is False
