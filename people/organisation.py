"""Questions about the line: who leads whom, and what lies below or above a unit, on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from people.models import Leadership, Position, Role, RoleGrant, Unit, User
from people.reporting_line import positions_led_by
from people.tree import ids_above, ids_below, ids_in_role, place_in_line

_POSITIONS_SQL = """
    SELECT row_number() OVER (ORDER BY valid_from, id), unit_id FROM people_position
    WHERE user_id = %(user)s
      AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)
"""

_ONE_UNIT_SQL = "SELECT 1, %(unit)s::bigint"

_MANAGERS_SQL = """
    WITH start(place, unit_id) AS ({start})
    SELECT manager.*, start.place
    FROM start
    CROSS JOIN LATERAL people_line_manager(%(user)s::bigint, start.unit_id, %(on)s::date) nearest
    JOIN people_user manager ON manager.id = nearest.manager_id
    ORDER BY start.place
"""


def subtree_ids(units: Iterable[Unit | int]) -> RawSQL:
    """The ids of these units and of all below them, as a subquery for `unit__in=…`."""
    return ids_below(unit.pk if isinstance(unit, Unit) else unit for unit in units)


def line_of(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything above it, from the municipality down to the unit itself.

    Each unit has its `depth` in the line: 1 is the top.
    """
    line: QuerySet[Unit] = Unit.objects.filter(pk__in=ids_above([unit.pk]))
    return line.annotate(depth=place_in_line(unit.pk, F("pk"))).order_by("depth")


def current_position(user: User, on: dt.date) -> Position | None:
    """The person's first position on the day: the one of longest standing."""
    return (
        Position.objects.valid_on(on)
        .filter(user=user)
        .select_related("unit", "unit__agency")
        .first()
    )


def line_manager_of(user: User, *, on: dt.date, unit: Unit | None = None) -> User | None:
    """Who leads this person on the day, for a position in `unit` or else the first position.

    The rule stands in `people.reporting_line`. None for whoever stands at the top, and for people
    without a position.
    """
    start = _POSITIONS_SQL if unit is None else _ONE_UNIT_SQL
    managers = _managers(start, user=user.pk, on=on, unit=unit and unit.pk)
    return managers.get(1)


def line_managers_of(user: User, *, on: dt.date) -> list[User]:
    """One line manager a position, without repeats, in the order of the positions."""
    return list(dict.fromkeys(_managers(_POSITIONS_SQL, user=user.pk, on=on).values()))


def _managers(start: str, **params: Any) -> dict[int, User]:
    """The nearest leader above each place of start, which counts from 1."""
    rows: Iterable[Any] = User.objects.raw(_MANAGERS_SQL.format(start=start), params)
    return {manager.place: manager for manager in rows}


def units_led_by(user: User, *, on: dt.date) -> QuerySet[Unit]:
    """The units this person leads on the day, without those below them."""
    led: QuerySet[Unit] = Unit.objects.filter(
        pk__in=Leadership.objects.valid_on(on).filter(user=user).values("unit")
    )
    return led.select_related("agency", "parent").order_by("sort_key")


def people_led_by(user: User, *, on: dt.date) -> QuerySet[User]:
    """Return those whose line manager the person is: the leaders below them too."""
    led = Position.objects.filter(pk__in=positions_led_by(user.pk, on)).order_by()
    people: QuerySet[User] = User.objects.filter(pk__in=led.values("user"), is_active=True)
    return people


def administrators_over(unit: Unit, *, on: dt.date) -> QuerySet[User]:
    """Return those who may sign in and are administrators of the unit, or of one above it."""
    grants = RoleGrant.objects.valid_on(on).filter(
        role=Role.ADMINISTRATOR, unit__in=ids_above([unit.pk])
    )
    found: QuerySet[User] = User.objects.filter(is_active=True, pk__in=grants.values("user"))
    return found.order_by("sort_key", "pk")


def tenders_of_staff_imports(*, on: dt.date) -> QuerySet[User]:
    """Return those who may sign in and mend HR's files, or accept what they would change."""
    grants = RoleGrant.objects.tending_staff_imports(on=on)
    found: QuerySet[User] = User.objects.filter(is_active=True, pk__in=grants.values("user"))
    return found.order_by("sort_key", "pk")


def granted_units(user: User, role: Role, *, on: dt.date) -> list[int]:
    """The ids of the units on which the person holds the role on the day (not their subtrees)."""
    grants = RoleGrant.objects.valid_on(on).filter(user=user, role=role)
    return list(grants.values_list("unit_id", flat=True))


def units_in_role(user: User, role: Role, *, on: dt.date) -> QuerySet[Unit]:
    """Every unit where the role holds for this person: the granted ones and all below them."""
    units: QuerySet[Unit] = Unit.objects.filter(pk__in=ids_in_role(user.pk, role, on))
    return units
