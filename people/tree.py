"""The organisation's tree in SQL: walked from the rows that are asked about, never built whole.

Why this stands beside the tree library is decided in docs/adr/0010-the-tree-of-units.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

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


def ids_below(unit_ids: Iterable[int]) -> RawSQL:
    """The ids of these units and of all below them, as a subquery for `…__in`."""
    return RawSQL(_BELOW_SQL, [list(unit_ids)], BigIntegerField())  # noqa: S611 (SQL is constant)


def ids_above(unit_ids: Iterable[int]) -> RawSQL:
    """The ids of these units and of all above them, as a subquery for `…__in`."""
    return RawSQL(_ABOVE_SQL, [list(unit_ids)], BigIntegerField())  # noqa: S611 (SQL is constant)
