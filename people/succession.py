"""What follows a unit that has closed: through successors that have closed too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection

_FOLLOWER_SQL = """
    WITH RECURSIVE today(day) AS (SELECT %s::date), follows(closed, id, is_open) AS (
        SELECT unit.id, unit.id, FALSE FROM people_unit unit WHERE unit.id = ANY(%s::bigint[])
      UNION
        SELECT follows.closed, heir.id,
            today.day BETWEEN heir.valid_from AND coalesce(heir.valid_to, 'infinity')
        FROM today, follows
        JOIN people_unit_successors step ON step.from_unit_id = follows.id
        JOIN people_unit heir ON heir.id = step.to_unit_id
        WHERE NOT follows.is_open
    )
    SELECT closed, min(id) FROM follows WHERE is_open GROUP BY closed HAVING count(DISTINCT id) = 1
"""


def followers_of(closed: Iterable[int], today: dt.date) -> dict[int, int]:
    """The one open unit that follows each of these; those that none or several follow are left out.

    What was one unit's can be carried into one, and not divided among several.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWER_SQL, [today, list(closed)])
        return dict(cursor.fetchall())
