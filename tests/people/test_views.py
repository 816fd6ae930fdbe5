"""The pages of people: what each person sees and can do, and what it costs."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from people import audit
from people.models import Leadership, Role, RoleGrant, User
from tests.cast import Cast
from tests.factories import (
    make_employee,
    make_leader,
    make_position,
    make_role,
    make_unit,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SignIn = Callable[[User], Client]


def page(browser: Client, name: str, *args: int, **query: str) -> str:
    response = browser.get(reverse(f"people:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_profile_shows_work_line_managers_and_roles(cast: Cast, signed_in: SignIn) -> None:
    chief = make_leader(cast.other_unit, "Tora Lie")
    make_position(cast.hr, cast.other_unit, title="Kursholder")
    director = make_leader(cast.agency, "Dag Berg")
    html = page(signed_in(cast.hr), "profile")
    for words in (
        "Hanne Ruud",
        "hr@example.org",
        "Kursholder",
        "Kursseksjonen",
        "Etat for læring",
        "Bydel Fjordbyen",
        chief.name,
        director.name,
        "Nærmeste ledere",
        "1. januar 2020",
    ):
        assert words in html
    assert "Du leder" not in html


def test_profile_of_a_leader_shows_what_they_lead(cast: Cast, signed_in: SignIn) -> None:
    html = page(signed_in(cast.leader), "profile")
    assert "Du leder" in html
    assert "Mona Lunde" in html


def test_profile_shows_no_past_position_and_no_past_role(
    cast: Cast, signed_in: SignIn, today: dt.date
) -> None:
    past = today - DAY
    make_position(cast.hr, cast.other_unit, title="Vikar", valid_to=past)
    make_role(cast.hr, Role.ORGANISER, cast.other_unit, until=past)
    html = page(signed_in(cast.hr), "profile")
    assert "Vikar" not in html
    assert "Kursseksjonen" not in html


def test_profile_without_a_position_says_so(cast: Cast, signed_in: SignIn) -> None:
    cast.hr.positions.all().delete()
    html = page(signed_in(cast.hr), "profile")
    assert "Ingen registrert i dag" in html
    assert "Ingen over deg i linjen" in html


def test_unit_shows_its_line_leader_and_units_below(
    cast: Cast, signed_in: SignIn, today: dt.date
) -> None:
    make_unit("Nedlagt team", parent=cast.department, valid_to=today - DAY)
    html = page(signed_in(cast.stranger), "unit", cast.department.pk)
    line = [html.index(name) for name in ("Solvik kommune", "Bydel Fjordbyen")]
    assert line == sorted(line)
    for words in ("Mona Lunde", "Hjemmetjenesten nord", "Liv Dahl", "Uten leder"):
        assert words in html
    assert "Nedlagt team" not in html
    assert cast.employee.name not in html
    assert "Gi en rolle her" not in html


def test_unit_without_a_leader_says_who_answers(cast: Cast, signed_in: SignIn) -> None:
    html = page(signed_in(cast.stranger), "unit", cast.sibling_unit.pk)
    assert "Enheten har ingen leder i dag" in html


def test_leader_of_yesterday_is_not_shown(cast: Cast, signed_in: SignIn, today: dt.date) -> None:
    Leadership.objects.filter(unit=cast.unit).update(valid_to=today - DAY)
    html = page(signed_in(cast.stranger), "unit", cast.unit.pk)
    assert "Liv Dahl" not in html
    assert "Liv Dahl" not in page(signed_in(cast.stranger), "unit", cast.department.pk)


def test_closed_unit_leads_to_its_successors(cast: Cast, signed_in: SignIn, today: dt.date) -> None:
    cast.sibling_unit.valid_to = today - DAY
    cast.sibling_unit.save()
    cast.sibling_unit.successors.add(cast.unit)
    html = page(signed_in(cast.administrator), "unit", cast.sibling_unit.pk)
    assert "Enheten ble avsluttet" in html
    assert "Oppgavene er tatt over av:" in html
    assert reverse("people:unit", args=[cast.unit.pk]) in html
    assert "Gi en rolle her" not in html


def test_unit_to_come_says_when_it_begins(cast: Cast, signed_in: SignIn) -> None:
    coming = make_unit("Ny", parent=cast.agency, valid_from=dt.date(2999, 1, 1))
    assert "Enheten begynner 1. januar 2999" in page(signed_in(cast.stranger), "unit", coming.pk)


def test_unit_offers_roles_to_its_administrator(cast: Cast, signed_in: SignIn) -> None:
    assert "Gi en rolle her" in page(signed_in(cast.administrator), "unit", cast.unit.pk)


@pytest.fixture
def small_administrator(cast: Cast) -> User:
    """Administers the bydel alone."""
    user = make_employee(cast.agency, "Siri Holm")
    make_role(user, Role.ADMINISTRATOR, cast.agency)
    return user


def test_roles_are_those_of_the_own_part(
    cast: Cast, signed_in: SignIn, small_administrator: User, today: dt.date
) -> None:
    make_role(cast.stranger, Role.HR, cast.unit, until=today - DAY)
    html = page(signed_in(small_administrator), "roles")
    assert "hr@example.org" in html
    assert "coordinator@example.org" in html
    for hidden in ("organiser@example.org", "admin@example.org", "stranger@example.org"):
        assert hidden not in html


@pytest.mark.parametrize("name", ["roles", "audit"])
def test_roles_and_trail_are_for_administrators_of_today(
    cast: Cast, signed_in: SignIn, today: dt.date, name: str
) -> None:
    cast.administrator.role_grants.update(valid_to=today - DAY)
    for user in (cast.administrator, cast.hr):
        assert signed_in(user).get(reverse(f"people:{name}")).status_code == 403


def test_roles_can_be_filtered(cast: Cast, signed_in: SignIn) -> None:
    html = page(signed_in(cast.administrator), "roles", rolle="hr")
    assert "hr@example.org" in html
    assert "organiser@example.org" not in html
    assert "organiser@example.org" in page(signed_in(cast.administrator), "roles", rolle="tull")


def test_roles_without_any_says_so(cast: Cast, signed_in: SignIn) -> None:
    RoleGrant.objects.filter(role=Role.HR).delete()
    assert "Ingen har denne rollen her" in page(signed_in(cast.administrator), "roles", rolle="hr")


def test_units_are_found_in_the_own_part_only(
    cast: Cast, signed_in: SignIn, small_administrator: User
) -> None:
    browser = signed_in(small_administrator)
    grant = reverse("grant_role", args=[cast.unit.pk])
    assert grant in page(browser, "roles", q="NORD")
    assert "heter noe med «kurs»" in page(browser, "roles", q="kurs")
    first = page(browser, "roles")
    assert reverse("grant_role", args=[cast.agency.pk]) in first
    assert grant not in first


def test_search_says_when_there_are_more_units_than_it_shows(cast: Cast, signed_in: SignIn) -> None:
    for number in range(21):
        make_unit(f"Klinikk {number}", parent=cast.agency)
    browser = signed_in(cast.administrator)
    many, few = page(browser, "roles", q="klinikk"), page(browser, "roles", q="klinikk 1")
    assert (many.count("Klinikk "), "Det finnes flere." in many) == (40, True)
    assert (few.count("Klinikk "), "Det finnes flere." in few) == (22, False)


def test_end_of_own_administrator_role_is_not_offered(cast: Cast, signed_in: SignIn) -> None:
    own = cast.administrator.role_grants.get()
    html = page(signed_in(cast.administrator), "roles")
    assert reverse("end_role", args=[own.pk]) not in html
    assert reverse("end_role", args=[cast.hr.role_grants.get().pk]) in html


def test_trail_shows_who_did_what_and_never_what_somebody_wrote(
    cast: Cast, signed_in: SignIn
) -> None:
    audit.record(
        "sign_agreement",
        cast.unit,
        by=cast.leader,
        on_behalf_of=cast.manager,
        reason="Hemmelig grunn",
        note="Hemmelig notat",
    )
    audit.record("sweep", cast.unit, by=None)
    audit.record("grant_role", cast.unit, by=cast.leader)
    html = page(signed_in(cast.administrator), "audit")
    for words in ("Liv Dahl", "på vegne av Mona Lunde", "sign_agreement", "Portalen selv"):
        assert words in html
    assert "Hemmelig" not in html
    assert ("ga en rolle" in html, f"enhet {cast.unit.pk}" in html) == (True, True)


def test_trail_is_that_of_the_own_part(
    cast: Cast, signed_in: SignIn, small_administrator: User
) -> None:
    audit.record("near", cast.unit, by=cast.leader)
    audit.record("far_away", cast.unit, by=cast.stranger)
    html = page(signed_in(small_administrator), "audit")
    assert "near" in html
    assert "far_away" not in html


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({}, {"by_leader", "by_manager"}),
        ({"actor": "Leader@example.org"}, {"by_leader"}),
        ({"object_type": "people.unit"}, {"by_leader"}),
        ({"object_type": "people.user"}, {"by_manager"}),
        ({"object_type": "user"}, {"by_leader", "by_manager"}),
        ({"object_id": "0"}, set()),
        ({"since": "2099-01-01"}, set()),
        ({"since": "2020-01-01"}, {"by_leader", "by_manager"}),
        ({"since": "i går"}, {"by_leader", "by_manager"}),
        ({"for": "1"}, set()),
        ({"for": "9" * 30}, {"by_leader", "by_manager"}),
        ({"for": "tull"}, {"by_leader", "by_manager"}),
    ],
)
def test_trail_is_filtered(
    cast: Cast, signed_in: SignIn, query: dict[str, str], seen: set[str]
) -> None:
    # Later than the rows of the cast, whose ids other tests have used up.
    audit.record("by_leader", cast.unit, by=cast.leader)
    audit.record("by_manager", cast.employee, by=cast.manager)
    html = page(signed_in(cast.administrator), "audit", **query)
    assert {name for name in ("by_leader", "by_manager") if name in html} == seen


def test_trail_is_shown_newest_first_fifty_at_a_time(cast: Cast, signed_in: SignIn) -> None:
    for number in range(53):
        audit.record(f"step_{number:02}", cast.unit, by=cast.leader)
    browser = signed_in(cast.administrator)
    response = browser.get(reverse("people:audit"))
    shown = [record.action for record in response.context["records"]]
    assert shown == [f"step_{number:02}" for number in range(52, 2, -1)]
    older = browser.get(reverse("people:audit"), {"for": response.context["older"]})
    assert [record.action for record in older.context["records"]] == [
        "step_02",
        "step_01",
        "step_00",
    ]
    assert older.context["older"] is None
    assert "Eldre hendelser" not in older.content.decode()


FRAME = 2
"""The session, and the person with what they are in the municipality today."""


@pytest.mark.parametrize(
    ("name", "budget"),
    [("profile", FRAME + 4), ("unit", FRAME + 8), ("roles", FRAME + 5), ("audit", FRAME + 4)],
)
def test_pages_keep_to_their_budget_however_many_rows(
    cast: Cast,
    signed_in: SignIn,
    name: str,
    budget: int,
    django_assert_max_num_queries,
) -> None:
    for number in range(budget + 2):
        child = make_unit(f"Team {number}", parent=cast.unit)
        make_position(cast.administrator, child, title=f"Stilling {number}")
        make_role(make_leader(child, f"Leder {number}"), Role.HR, child)
        make_role(cast.administrator, Role.HR, child)
        audit.record("greet", child, by=cast.leader, on_behalf_of=cast.manager)
    browser = signed_in(cast.administrator)
    args = [cast.unit.pk] if name == "unit" else []
    browser.get(reverse(f"people:{name}", args=args))
    with django_assert_max_num_queries(budget):
        html = page(browser, name, *args)
    assert html.count("Leder ") >= (budget if name in {"unit", "roles"} else 0)
