"""The reporting line: who leads whom on a day. The rule stands once, as functions in PostgreSQL.

A person's line manager for a place in a unit is the nearest leader in that unit or above who may
sign in and is not the person. The walk goes past vacancies, past leaders who may not sign in, and
past the person: a leader's line manager is the leader above. Why these are functions is decided in
docs/adr/0028-reporting-line-in-functions.md.

Without the models, which may ask this, as the migration does that makes the functions.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

_WALK_UP = """
    line(place, person_id, unit_id, height) AS (
        SELECT place, person_id, unit_id, 0 FROM start
      UNION ALL
        SELECT line.place, line.person_id, unit.parent_id, line.height + 1
        FROM line JOIN people_unit unit ON unit.id = line.unit_id
        WHERE unit.parent_id IS NOT NULL
    ),
    nearest(place, manager_id) AS (
        SELECT DISTINCT ON (line.place) line.place, leader.user_id
        FROM line JOIN {leaders} leader ON leader.unit_id = line.unit_id
        WHERE leader.user_id <> line.person_id
        ORDER BY line.place, line.height
    )
"""

_LOOKED_UP = """LATERAL (
            SELECT unit_id, user_id FROM people_leaders($3) found
            WHERE found.unit_id = line.unit_id OFFSET 0
        )"""
"""OFFSET 0 has each step of the line look in the index, instead of every leader being read."""

NEAREST_OF_MANY_CTE = _WALK_UP.format(leaders="leads")
"""The walk up for a query WITH RECURSIVE about thousands of places: the function would look up the
leaders of each place's line anew. The query has `leads` from people_leaders, and `start` with a
person and a unit for each numbered place; it gets `nearest` with the place and its line manager."""

FUNCTIONS_SQL = (
    """
CREATE FUNCTION people_leaders(on_day date)
RETURNS TABLE (unit_id bigint, user_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $function$
    SELECT leadership.unit_id, leadership.user_id
    FROM people_leadership leadership JOIN people_user leader ON leader.id = leadership.user_id
    WHERE leader.is_active
      AND leadership.valid_from <= $1
      AND (leadership.valid_to IS NULL OR leadership.valid_to >= $1)
$function$;
COMMENT ON FUNCTION people_leaders IS 'Who leads which unit on the day and may sign in';

CREATE FUNCTION people_line_manager(of_person bigint, in_unit bigint, on_day date)
RETURNS TABLE (manager_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $function$
    WITH RECURSIVE start(place, person_id, unit_id) AS (SELECT 1, $1, $2),
"""  # noqa: S608 (constants)
    + _WALK_UP.format(leaders=_LOOKED_UP)
    + """
    SELECT manager_id FROM nearest
$function$;
COMMENT ON FUNCTION people_line_manager IS 'The nearest leader upwards who is not the person';

CREATE FUNCTION people_positions_led(by_person bigint, on_day date)
RETURNS TABLE (position_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $function$
    WITH RECURSIVE leads AS (SELECT unit_id, user_id FROM people_leaders($2)),
    reached(unit_id, only_id) AS (
        SELECT leads.unit_id, NULL::bigint FROM leads WHERE leads.user_id = $1
      UNION
        SELECT child.id, coalesce(leads.user_id, reached.only_id)
        FROM reached JOIN people_unit child ON child.parent_id = reached.unit_id
        LEFT JOIN leads ON leads.unit_id = child.id
        WHERE leads.user_id IS NULL
           OR (leads.user_id <> $1
               AND (reached.only_id IS NULL OR leads.user_id = reached.only_id))
    )
    SELECT position.id
    FROM reached JOIN people_position position ON position.unit_id = reached.unit_id
    WHERE (reached.only_id IS NULL OR position.user_id = reached.only_id)
      AND position.user_id <> $1
      AND position.valid_from <= $2
      AND (position.valid_to IS NULL OR position.valid_to >= $2)
$function$;
COMMENT ON FUNCTION people_positions_led IS 'Positions whose line manager the person is';
"""
)
"""The second walks up from one place, the third down from one leader: through vacancies to all who
work there, and through a unit with a leader to that leader alone, however many units below each
other are the leader's. Going up for everybody to find out who is led by one would read everybody.
A test holds the two together over trees of any shape.

Each is one SELECT and not STRICT, so that PostgreSQL plans it as a part of the query that asks.
Arguments are numbered: a name would give way to a column that is called the same."""

DROP_FUNCTIONS_SQL = """
DROP FUNCTION people_positions_led(bigint, date);
DROP FUNCTION people_line_manager(bigint, bigint, date);
DROP FUNCTION people_leaders(date);
"""

_POSITIONS_LED_SQL = "SELECT position_id FROM people_positions_led(%s::bigint, %s::date)"


def positions_led_by(user_id: int, on: dt.date) -> RawSQL:
    """Return the ids of the positions whose line manager this person is, as a subquery."""
    return RawSQL(_POSITIONS_LED_SQL, [user_id, on], BigIntegerField())  # noqa: S611 (constant)
