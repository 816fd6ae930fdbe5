"""What follows a unit that has closed: through successors that have closed too.

What was one unit's can be carried into one, and not divided among several: a closed unit that two
open ones follow is carried into none of them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from people.models import IMPORT_UNDO_WINDOW, Unit

_FOLLOWS = """
    follows(closed, id, is_open) AS (
        SELECT asked.id, asked.id, FALSE FROM asked
      UNION
        SELECT follows.closed, heir.id,
            today.day BETWEEN heir.valid_from AND coalesce(heir.valid_to, 'infinity')
        FROM today, follows
        JOIN people_unit_successors step ON step.from_unit_id = follows.id
        JOIN people_unit heir ON heir.id = step.to_unit_id
        WHERE NOT follows.is_open
    )
"""

_FOLLOWER_SQL = f"""
    WITH RECURSIVE today(day) AS (SELECT %s::date),
    asked(id) AS (SELECT unnest(%s::bigint[])), {_FOLLOWS}
    SELECT closed, min(id) FROM follows WHERE is_open GROUP BY closed HAVING count(DISTINCT id) = 1
"""  # noqa: S608 (constants)

_CARRIED_INTO_SQL = f"""
    WITH RECURSIVE today(day) AS (SELECT %s::date),
    within(id) AS (
        SELECT unnest(%s::bigint[])
      UNION
        SELECT child.id FROM people_unit child JOIN within ON child.parent_id = within.id
    ),
    before(id) AS (
        SELECT step.from_unit_id FROM people_unit_successors step
        JOIN within ON within.id = step.to_unit_id
      UNION
        SELECT step.from_unit_id FROM people_unit_successors step
        JOIN before ON before.id = step.to_unit_id
    ),
    asked(id) AS (
        SELECT unit.id FROM today, before JOIN people_unit unit ON unit.id = before.id
        WHERE unit.valid_to < today.day
    ), {_FOLLOWS}
    SELECT closed FROM follows WHERE is_open GROUP BY closed
    HAVING count(DISTINCT id) = 1 AND bool_and(id IN (SELECT within.id FROM within))
    ORDER BY closed
"""  # noqa: S608 (constants)


def followers_of(closed: Iterable[int], today: dt.date) -> dict[int, int]:
    """The one open unit that follows each of these, where there is one and no more."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWER_SQL, [today, list(closed)])
        return dict(cursor.fetchall())


def carried_into(unit_ids: Iterable[int], today: dt.date) -> list[int]:
    """The closed units that one of these, or one below them, alone follows."""
    with connection.cursor() as cursor:
        cursor.execute(_CARRIED_INTO_SQL, [today, list(unit_ids)])
        return [pk for (pk,) in cursor.fetchall()]


_NOT_SETTLED_SQL = """
    WITH RECURSIVE change AS (
        SELECT one.table_name, one.row_id, one.after FROM people_staffimportchange one
        JOIN people_staffimportrun run ON run.id = one.run_id
        WHERE run.at > %s
    ),
    closed(id) AS (
        SELECT row_id FROM change WHERE table_name = 'people_unit' AND after ? 'valid_to'
      UNION
        SELECT step.from_unit_id FROM change
        JOIN people_unit_successors step ON step.id = change.row_id
        WHERE change.table_name = 'people_unit_successors'
      UNION
        SELECT step.from_unit_id FROM closed
        JOIN people_unit_successors step ON step.to_unit_id = closed.id
    ) SELECT id FROM closed
"""


def not_settled(now: dt.datetime) -> set[int]:
    """The units that a run of the staff import closed, or gave successors, and those before them.

    As long as it can be taken back: then they are open again, and what was theirs has to be there.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOT_SETTLED_SQL, [now - IMPORT_UNDO_WINDOW])
        return {pk for (pk,) in cursor.fetchall()}


_BECAME_SQL = """
    WITH RECURSIVE became(closed, id) AS (
        SELECT step.from_unit_id, step.to_unit_id FROM people_unit_successors step
        WHERE step.from_unit_id = ANY(%s::bigint[])
      UNION
        SELECT became.closed, step.to_unit_id FROM became
        JOIN people_unit_successors step ON step.from_unit_id = became.id
    ) SELECT closed, id FROM became
"""

_WAS_SQL = """
    WITH RECURSIVE was(id) AS (
        SELECT %s::bigint
      UNION
        SELECT step.from_unit_id FROM was
        JOIN people_unit_successors step ON step.to_unit_id = was.id
    ) SELECT id FROM was
"""


def became(units: Iterable[Unit], today: dt.date) -> dict[int, set[int]]:
    """What each of these that has closed has become, on the way as well; asks nothing of others."""
    closed = [unit.pk for unit in units if unit.valid_to is not None and unit.valid_to < today]
    found: defaultdict[int, set[int]] = defaultdict(set)
    if closed:
        with connection.cursor() as cursor:
            cursor.execute(_BECAME_SQL, [closed])
            for unit, follower in cursor.fetchall():
                found[unit].add(follower)
    return found


def ids_that_became(unit_id: int) -> RawSQL:
    """The ids of the unit and of those that it follows, as a subquery for `…__in`."""
    return RawSQL(_WAS_SQL, [unit_id], BigIntegerField())  # noqa: S611 (SQL is constant)
