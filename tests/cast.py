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
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import Leadership, Level, Position, Role, RoleGrant, Unit, User
from tests.factories import SINCE, new_unit, new_user

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
    units = _make_units()
    people = _make_people(mail)
    works_in = {
        "leader": units["unit"],
        "employee": units["unit"],
        "manager": units["department"],
        "hr": units["agency"],
        "organiser": units["other_agency"],
        "coordinator": units["agency"],
        "administrator": units["other_agency"],
        "stranger": units["other_unit"],
    }
    leads = ("leader", "manager")
    Position.objects.bulk_create(
        Position(
            user=people[who],
            unit=unit,
            title="Leder" if who in leads else "Konsulent",
            valid_from=SINCE,
        )
        for who, unit in works_in.items()
    )
    Leadership.objects.bulk_create(
        Leadership(user=people[who], unit=works_in[who], valid_from=SINCE) for who in leads
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=people[who], role=role, unit=units[where], valid_from=SINCE)
        for who, role, where in (
            ("hr", Role.HR, "agency"),
            ("coordinator", Role.COORDINATOR, "agency"),
            ("organiser", Role.ORGANISER, "municipality"),
            ("administrator", Role.ADMINISTRATOR, "municipality"),
        )
    )
    return Cast(**units, **people)


def _make_units() -> dict[str, Unit]:
    """Most tests begin here: the whole tree is one statement, so it gets its keys beforehand."""
    keys = _next_keys(Unit, 7)

    def below(parent: Unit | None, name: str, level_name: str = "") -> Unit:
        given = {"level_name": level_name} if level_name else {}
        unit = new_unit(name, parent=parent, pk=next(keys), **given)
        if unit.level == Level.AGENCY:
            unit.agency = unit
        return unit

    municipality = below(None, "Solvik kommune")
    agency = below(municipality, "Bydel Fjordbyen", "bydel")
    department = below(agency, "Helse og mestring", "avdeling")
    other_agency = below(municipality, "Etat for læring", "etat")
    units = {
        "municipality": municipality,
        "agency": agency,
        "department": department,
        "unit": below(department, "Hjemmetjenesten nord"),
        "sibling_unit": below(department, "Hjemmetjenesten sør"),
        "other_agency": other_agency,
        "other_unit": below(other_agency, "Kursseksjonen", "seksjon"),
    }
    Unit.objects.bulk_create(units.values())
    return units


def _make_people(mail: str) -> dict[str, User]:
    people = {
        "leader": new_user("Liv Dahl", email=f"leader@{mail}"),
        "employee": new_user("Even Moen", email=f"employee@{mail}"),
        "manager": new_user("Mona Lunde", email=f"manager@{mail}"),
        "hr": new_user("Hanne Ruud", email=f"hr@{mail}"),
        "organiser": new_user("Olav Aas", email=f"organiser@{mail}"),
        "coordinator": new_user("Kari Eide", email=f"coordinator@{mail}"),
        "administrator": new_user("Astrid Vik", email=f"admin@{mail}"),
        "stranger": new_user("Sindre Foss", email=f"stranger@{mail}"),
    }
    User.objects.bulk_create(people.values())
    return people


def _next_keys(model: type[Model], how_many: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, how_many],
        )
        return iter([key for (key,) in cursor.fetchall()])


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
