"""The fixed cast: the same people in the same little organisation in every test.

    Solvik kommune
    ├── Bydel Fjordbyen               agency        hr, coordinator work here
    │   └── Helse og mestring         department    led by manager
    │       ├── Hjemmetjenesten nord  unit          led by leader; employee works here
    │       └── Hjemmetjenesten sør   sibling_unit  vacant
    └── Etat for læring               other_agency  organiser, administrator work here
        └── Kursseksjonen             other_unit    stranger works here

hr and coordinator hold their roles on the agency; organiser and administrator on the municipality.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import Role, Unit, User
from tests.factories import make_employee, make_leader, make_role, make_unit

KINDS = (
    "stranger",
    "employee",
    "leader",
    "manager",
    "hr",
    "coordinator",
    "organiser",
    "administrator",
)
"""Everybody in the cast, from those who may least."""


@dataclass(frozen=True)
class Cast:
    municipality: Unit
    agency: Unit
    department: Unit
    unit: Unit
    sibling_unit: Unit
    other_agency: Unit
    other_unit: Unit
    leader: User
    employee: User
    manager: User
    hr: User
    organiser: User
    coordinator: User
    administrator: User
    stranger: User


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_cast(mail: str = "example.org") -> Cast:
    """A municipality and its people; a second one has its mail elsewhere."""
    municipality = make_unit("Solvik kommune")
    agency = make_unit("Bydel Fjordbyen", parent=municipality, level_name="bydel")
    department = make_unit("Helse og mestring", parent=agency, level_name="avdeling")
    unit = make_unit("Hjemmetjenesten nord", parent=department)
    sibling_unit = make_unit("Hjemmetjenesten sør", parent=department)
    other_agency = make_unit("Etat for læring", parent=municipality, level_name="etat")
    other_unit = make_unit("Kursseksjonen", parent=other_agency, level_name="seksjon")
    members = Cast(
        municipality=municipality,
        agency=agency,
        department=department,
        unit=unit,
        sibling_unit=sibling_unit,
        other_agency=other_agency,
        other_unit=other_unit,
        leader=make_leader(unit, "Liv Dahl", email=f"leader@{mail}"),
        employee=make_employee(unit, "Even Moen", email=f"employee@{mail}"),
        manager=make_leader(department, "Mona Lunde", email=f"manager@{mail}"),
        hr=make_employee(agency, "Hanne Ruud", email=f"hr@{mail}"),
        organiser=make_employee(other_agency, "Olav Aas", email=f"organiser@{mail}"),
        coordinator=make_employee(agency, "Kari Eide", email=f"coordinator@{mail}"),
        administrator=make_employee(other_agency, "Astrid Vik", email=f"admin@{mail}"),
        stranger=make_employee(other_unit, "Sindre Foss", email=f"stranger@{mail}"),
    )
    make_role(members.hr, Role.HR, agency)
    make_role(members.coordinator, Role.COORDINATOR, agency)
    make_role(members.organiser, Role.ORGANISER, municipality)
    make_role(members.administrator, Role.ADMINISTRATOR, municipality)
    return members


@pytest.fixture
def leader(cast: Cast) -> User:
    return cast.leader


@pytest.fixture
def employee(cast: Cast) -> User:
    return cast.employee


@pytest.fixture
def manager(cast: Cast) -> User:
    return cast.manager


@pytest.fixture
def hr(cast: Cast) -> User:
    return cast.hr


@pytest.fixture
def organiser(cast: Cast) -> User:
    return cast.organiser


@pytest.fixture
def coordinator(cast: Cast) -> User:
    return cast.coordinator


@pytest.fixture
def administrator(cast: Cast) -> User:
    return cast.administrator


@pytest.fixture
def stranger(cast: Cast) -> User:
    return cast.stranger


@pytest.fixture
def unit(cast: Cast) -> Unit:
    return cast.unit


@pytest.fixture
def agency(cast: Cast) -> Unit:
    return cast.agency


PASSWORD = "en-lang-og-god-setning"


@pytest.fixture
def confirmed() -> Callable[[User], Client]:
    """As `signed_in`, of somebody who has just confirmed by password who they are."""

    def sign_in(user: User) -> Client:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        browser = Client()
        browser.force_login(user)
        answer = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return sign_in


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(leader).get(url)`: a browser of that person's own."""

    def sign_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in
