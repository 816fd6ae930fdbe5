"""Each rule of seminars: who may, and with that who may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from people.affiliation import affiliation_of
from people.models import Role, User
from seminars import rules
from seminars.models import Registration, RegistrationState, Seminar
from tests import clock
from tests.cast import KINDS, Cast
from tests.factories import make_employee, make_leadership, make_role, make_unit
from tests.seminars.factories import make_seminar

DAY = dt.timedelta(days=1)


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser)


def those_who_may(cast: Cast, rule: Callable[[User], bool]) -> list[str]:
    return [kind for kind in KINDS if rule(getattr(cast, kind))]


def test_may_arrange_may_cater_and_may_have_staff_go_by_role(cast: Cast) -> None:
    make_role(cast.hr, Role.LOGISTICS, cast.agency)

    def by_role(rule: Callable[..., bool]) -> list[str]:
        return those_who_may(cast, lambda user: rule(affiliation_of(user, clock.today())))

    assert by_role(rules.may_arrange) == ["organiser"]
    assert by_role(rules.may_cater) == ["hr"]
    assert by_role(rules.may_have_staff) == ["leader", "manager", "coordinator"]


def test_may_arrange_for_is_below_where_the_role_is_held(cast: Cast) -> None:
    make_role(cast.hr, Role.ORGANISER, cast.agency)
    today = clock.today()
    for unit, who in ((cast.unit, ["hr", "organiser"]), (cast.other_agency, ["organiser"])):
        may = those_who_may(cast, lambda user, unit=unit: rules.may_arrange_for(user, unit, today))
        assert may == who


def test_may_organise_and_may_see_needs_are_two_roles_at_the_seminar(
    cast: Cast, seminar: Seminar
) -> None:
    make_role(cast.hr, Role.LOGISTICS, cast.other_agency)
    make_role(cast.stranger, Role.LOGISTICS, cast.agency)
    today = clock.today()
    organise = those_who_may(cast, lambda user: rules.organises(user, seminar, today))
    needs = those_who_may(cast, lambda user: rules.may_see_needs(user, seminar, today))
    assert (organise, needs) == (["organiser"], ["hr"])


def test_has_role_at_is_about_that_very_role(cast: Cast, seminar: Seminar) -> None:
    for user, roles in ((cast.organiser, [Role.ORGANISER]), (cast.leader, [])):
        read = Seminar.objects.with_roles_of(user, on=clock.today()).get(pk=seminar.pk)
        assert [role for role in Role if rules.has_role_at(read, role)] == roles


def test_may_join_online_is_for_a_seat_that_is_certain() -> None:
    assert rules.may_join_online(None) is False
    joining = [
        state for state in RegistrationState if rules.may_join_online(Registration(state=state))
    ]
    assert joining == [RegistrationState.REGISTERED]


@pytest.mark.parametrize(
    ("state", "until_closing", "may"),
    [
        ("published", DAY, True),
        ("published", dt.timedelta(), True),
        ("published", -dt.timedelta(microseconds=1), False),
        ("draft", DAY, False),
        ("cancelled", DAY, False),
    ],
)
def test_may_choose_until_registration_closes(
    state: str, until_closing: dt.timedelta, may: bool
) -> None:
    closing = clock.now()
    seminar = Seminar(state=state, registration_closes_at=closing)
    assert rules.may_choose(seminar, closing - until_closing) is may


@pytest.mark.parametrize("state", ["draft", "published", "cancelled"])
def test_may_mark_attendance_from_the_day_of_what_is_held(state: str) -> None:
    seminar = Seminar(state=state, starts_at=clock.noon())
    days = (-DAY, -dt.timedelta(hours=1), dt.timedelta(), DAY)
    may = [rules.may_mark_attendance(seminar, clock.noon() + late) for late in days]
    assert may == ([False, True, True, True] if state == "published" else [False] * 4)


def test_coordinates_where_a_person_works_or_leads(cast: Cast) -> None:
    today = clock.today()
    elsewhere = make_unit("Bydel Skogen", parent=cast.municipality)
    leads_only = make_employee(elsewhere, "Leder uten stilling her")
    make_leadership(leads_only, cast.sibling_unit)

    def coordinated(coordinator: User) -> list[bool]:
        people = (cast.employee, leads_only, cast.stranger)
        return [rules.coordinates(coordinator, one, today) for one in people]

    assert coordinated(cast.coordinator) == [True, True, False]
    assert coordinated(cast.hr) == coordinated(cast.leader) == [False, False, False]
    over = today - DAY
    cast.employee.positions.update(valid_to=over)
    leads_only.leaderships.update(valid_to=over)
    assert coordinated(cast.coordinator) == [False, False, False]


def test_may_bring_in_is_for_the_line_manager_and_the_coordinator(cast: Cast) -> None:
    today = clock.today()

    def bringers(employee: User) -> list[str]:
        return those_who_may(cast, lambda user: rules.may_bring_in(user, employee, today))

    assert bringers(cast.employee) == ["leader", "coordinator"]
    assert bringers(cast.leader) == ["manager", "coordinator"]
    assert bringers(cast.stranger) == []
