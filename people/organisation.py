"""Questions about the line: who leads whom, and what lies below or above a unit, on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from people.models import Leadership, Position, Role, RoleGrant, Unit, User

_SUBTREE_SQL = """
    WITH RECURSIVE below(id) AS (
        SELECT unnest(%s::bigint[])
      UNION
        SELECT child.id FROM people_unit child JOIN below ON child.parent_id = below.id
    ) SELECT id FROM below
"""

_LINE_SQL = """
    WITH RECURSIVE line(id, parent_id, height) AS (
        SELECT id, parent_id, 0 FROM people_unit WHERE id = %s
      UNION ALL
        SELECT above.id, above.parent_id, line.height + 1
        FROM people_unit above JOIN line ON above.id = line.parent_id
    ) SELECT {column} FROM line
"""


def subtree_ids(units: Iterable[Unit | int]) -> RawSQL:
    """The ids of these units and of all below them, as a subquery for `unit__in=…`.

    Walks down from the units alone (index on parent), so a clinic costs a clinic; the tree
    library's own CTE always builds the whole tree first.
    """
    ids = [unit.pk if isinstance(unit, Unit) else unit for unit in units]
    return RawSQL(_SUBTREE_SQL, [ids])  # noqa: S611 (constant SQL, parameters bound)


def line_of(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything above it, from the municipality down to the unit itself."""
    ids = RawSQL(_LINE_SQL.format(column="id"), [unit.pk])  # noqa: S611
    height = RawSQL(  # noqa: S611
        "(SELECT count(*) FROM (" + _RISE_SQL + ") AS rise)", []
    )
    return Unit.objects.filter(pk__in=ids).annotate(depth=height).order_by("depth")


_RISE_SQL = """
    WITH RECURSIVE rise(id, parent_id) AS (
        SELECT self.id, self.parent_id FROM people_unit self WHERE self.id = people_unit.id
      UNION ALL
        SELECT above.id, above.parent_id FROM people_unit above JOIN rise ON above.id = rise.parent_id
    ) SELECT id FROM rise
"""


def current_position(user: User, on: dt.date) -> Position | None:
    """The person's first position on the day: the one of longest standing."""
    return (
        Position.objects.valid_on(on)
        .filter(user=user)
        .select_related("unit", "unit__agency")
        .first()
    )


def line_manager_of(user: User, *, on: dt.date, unit: Unit | None = None) -> User | None:
    """Who leads this person on the day, for the position in `unit` or the first position.

    Goes up the tree past vacancies and past the person herself: a leader's line manager is the
    leader above. None for whoever stands at the top, and for people without a position.
    """
    start = unit.pk if unit is not None else _start_of_line(user, on)
    if start is None:
        return None
    nearest = (
        Leadership.objects.valid_on(on)
        .filter(unit__in=RawSQL(_LINE_SQL.format(column="id"), [start]))  # noqa: S611
        .exclude(user=user)
        .annotate(
            height=RawSQL(  # noqa: S611
                "(SELECT height FROM (" + _LINE_SQL.format(column="id, height") + ") AS line"
                " WHERE line.id = people_leadership.unit_id)",
                [start],
            )
        )
        .order_by("height")
        .select_related("user")
        .first()
    )
    return None if nearest is None else nearest.user


def _start_of_line(user: User, on: dt.date) -> int | None:
    position = current_position(user, on)
    return None if position is None else position.unit_id


def line_managers_of(user: User, *, on: dt.date) -> list[User]:
    """One line manager a position, without repeats, in the order of the positions."""
    units = [p.unit for p in Position.objects.valid_on(on).filter(user=user).select_related("unit")]
    managers = [line_manager_of(user, on=on, unit=unit) for unit in units]
    return list(dict.fromkeys(manager for manager in managers if manager is not None))


def units_led_by(user: User, *, on: dt.date) -> QuerySet[Unit]:
    """The units this person leads on the day, without those below them."""
    return (
        Unit.objects.filter(pk__in=Leadership.objects.valid_on(on).filter(user=user).values("unit"))
        .select_related("agency", "parent")
        .order_by("sort_key")
    )


def granted_units(user: User, role: Role, *, on: dt.date) -> list[int]:
    """The ids of the units on which the person holds the role on the day (not their subtrees)."""
    return list(
        RoleGrant.objects.valid_on(on)
        .filter(user=user, role=role)
        .values_list("unit_id", flat=True)
    )


def units_in_role(user: User, role: Role, *, on: dt.date) -> QuerySet[Unit]:
    """Every unit where the role holds for this person: the granted ones and all below them."""
    granted = granted_units(user, role, on=on)
    if not granted:
        return Unit.objects.none()
    return Unit.objects.filter(pk__in=subtree_ids(granted))
