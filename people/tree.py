"""The organisation's tree in SQL: walked from the rows that are asked about, never built whole.

Why this is not left to a tree library is decided in docs/adr/0019-tree-of-units.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, IntegerField
from django.db.models.expressions import Combinable, Func, RawSQL

_BELOW_SQL = """
    WITH RECURSIVE below(id) AS (
        SELECT unnest(%s::bigint[])
      UNION
        SELECT child.id FROM people_unit child JOIN below ON child.parent_id = below.id
    ) SELECT id FROM below
"""

_ABOVE_SQL = """
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT id, parent_id FROM people_unit WHERE id = ANY(%s::bigint[])
      UNION
        SELECT unit.id, unit.parent_id FROM people_unit unit JOIN above ON unit.id = above.parent_id
    ) SELECT id FROM above
"""

_BELOW_ROLE_SQL = """
    WITH RECURSIVE below(id) AS (
        SELECT unit_id FROM people_rolegrant WHERE user_id = %s AND role = %s
           AND %s BETWEEN valid_from AND coalesce(valid_to, 'infinity')
      UNION
        SELECT child.id FROM people_unit child JOIN below ON child.parent_id = below.id
    ) SELECT id FROM below
"""

_BELOW_LED_SQL = """
    WITH RECURSIVE below(id) AS (
        (SELECT unit_id FROM people_leadership WHERE user_id = %s
            AND %s BETWEEN valid_from AND coalesce(valid_to, 'infinity')
         UNION
         SELECT unit_id FROM people_rolegrant WHERE user_id = %s AND role = ANY(%s::text[])
            AND %s BETWEEN valid_from AND coalesce(valid_to, 'infinity'))
      UNION
        SELECT child.id FROM people_unit child JOIN below ON child.parent_id = below.id
    ) SELECT id FROM below
"""

_ABOVE_ROW_SQL = """(
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT id, parent_id FROM people_unit WHERE id = %(expressions)s
      UNION
        SELECT unit.id, unit.parent_id FROM people_unit unit JOIN above ON unit.id = above.parent_id
    ) SELECT id FROM above
)"""

_LINE_SQL = """
    ARRAY(
        WITH RECURSIVE line(id, parent_id, height) AS (
            SELECT id, parent_id, 0 FROM people_unit WHERE id = %s
          UNION ALL
            SELECT unit.id, unit.parent_id, line.height + 1
            FROM people_unit unit JOIN line ON unit.id = line.parent_id
        ) SELECT id FROM line ORDER BY height DESC
    )
"""

_DEPTHS_SQL = """
    WITH RECURSIVE line(id, depth) AS (
        SELECT id, 0 FROM people_unit WHERE level = 'agency'
      UNION ALL
        SELECT child.id, line.depth + 1
        FROM people_unit child JOIN line ON child.parent_id = line.id WHERE child.level = 'unit'
    ) SELECT id FROM line WHERE depth = ANY(%s::int[])
"""


def ids_below(unit_ids: Iterable[int]) -> RawSQL:
    """The ids of these units and of all below them, as a subquery for `…__in`."""
    return RawSQL(_BELOW_SQL, [list(unit_ids)], BigIntegerField())  # noqa: S611 (SQL is constant)


def ids_in_role(user_id: int, role: str, on: dt.date) -> RawSQL:
    """The ids of the units where the person has the role on the day, and of all below them."""
    params = [user_id, str(role), on]
    return RawSQL(_BELOW_ROLE_SQL, params, BigIntegerField())  # noqa: S611 (SQL is constant)


def ids_led(user_id: int, on: dt.date, *, or_in_roles: Iterable[str] = ()) -> RawSQL:
    """The ids of the units that the person leads on the day, or has a role in, and of all below.

    One set and not two: joined by OR they would be looked up for every row there is.
    """
    params = [user_id, on, user_id, [str(role) for role in or_in_roles], on]
    return RawSQL(_BELOW_LED_SQL, params, BigIntegerField())  # noqa: S611 (SQL is constant)


def ids_above(unit_ids: Iterable[int]) -> RawSQL:
    """The ids of these units and of all above them, as a subquery for `…__in`."""
    return RawSQL(_ABOVE_SQL, [list(unit_ids)], BigIntegerField())  # noqa: S611 (SQL is constant)


def ids_at_depths(depths: Iterable[int]) -> RawSQL:
    """The ids of units so far below their agency: 1 is right under it."""
    return RawSQL(_DEPTHS_SQL, [list(depths)], BigIntegerField())  # noqa: S611 (SQL is constant)


def ids_above_row(unit: Combinable) -> Func:
    """The ids of a row's own unit and of all above it, as a subquery for `…__in`."""
    return Func(unit, template=_ABOVE_ROW_SQL, output_field=BigIntegerField())


def place_in_line(unit_id: int, of: Combinable) -> Func:
    """Where the id `of` stands in the line to the unit: 1 is the top, None is outside the line."""
    line = RawSQL(_LINE_SQL, [unit_id], ArrayField(BigIntegerField()))  # noqa: S611 (SQL is constant)
    return Func(line, of, function="array_position", output_field=IntegerField())
