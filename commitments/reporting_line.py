"""Who leads whom on a day, in SQL: asked whenever a row is read, and by the sweep.

Apart from the models, which ask it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

_LEFT_BEHIND_SQL = """
    WITH RECURSIVE leads(unit_id, user_id) AS {kept} (
        SELECT leadership.unit_id, leadership.user_id
        FROM people_leadership leadership JOIN people_user leader ON leader.id = leadership.user_id
        WHERE leader.is_active
          AND %s BETWEEN leadership.valid_from AND coalesce(leadership.valid_to, 'infinity')
    ),
    works(unit_id, user_id) AS {kept} (
        SELECT unit_id, user_id FROM people_position
        WHERE %s BETWEEN valid_from AND coalesce(valid_to, 'infinity')
    ),
    doubtful AS MATERIALIZED (
        SELECT id, unit_id, employee_id, leader_id FROM commitments_agreement agreement
        WHERE leader_access_ended_at IS NULL AND erased_at IS NULL AND {which}
          AND NOT (
            EXISTS (SELECT FROM leads WHERE leads.unit_id = agreement.unit_id
                      AND leads.user_id = agreement.leader_id)
            AND EXISTS (SELECT FROM works WHERE works.unit_id = agreement.unit_id
                      AND works.user_id = agreement.employee_id)
          )
    ),
    place(id, unit_id) AS (
        SELECT id, unit_id FROM doubtful
      UNION
        SELECT place.id, successor.to_unit_id FROM place
        JOIN people_unit_successors successor ON successor.from_unit_id = place.unit_id
    ),
    line(id, start_id, unit_id, height) AS (
        SELECT place.id, place.unit_id, place.unit_id, 0
        FROM place JOIN doubtful USING (id)
        WHERE EXISTS (SELECT FROM works WHERE works.unit_id = place.unit_id
                        AND works.user_id = doubtful.employee_id)
      UNION ALL
        SELECT line.id, line.start_id, unit.parent_id, line.height + 1
        FROM line JOIN people_unit unit ON unit.id = line.unit_id
        WHERE unit.parent_id IS NOT NULL
    ),
    nearest AS (
        SELECT DISTINCT ON (line.id, line.start_id) line.id, leads.user_id
        FROM line JOIN doubtful USING (id) JOIN leads ON leads.unit_id = line.unit_id
        WHERE leads.user_id <> doubtful.employee_id
        ORDER BY line.id, line.start_id, line.height
    )
    SELECT id FROM doubtful WHERE NOT EXISTS (
        SELECT FROM nearest WHERE nearest.id = doubtful.id
            AND nearest.user_id = doubtful.leader_id
    )
"""
"""Most are seen to stand at a glance: the one leads the unit, the other works there. The line is
walked for the rest as `people.organisation.line_manager_of` walks it, from the unit and from what
it has become: two who go together into a merged unit stay the same two."""

_LED_SQL = """
    WITH RECURSIVE leads(unit_id, user_id) AS (
        SELECT leadership.unit_id, leadership.user_id
        FROM people_leadership leadership JOIN people_user leader ON leader.id = leadership.user_id
        WHERE leader.is_active
          AND %s BETWEEN leadership.valid_from AND coalesce(leadership.valid_to, 'infinity')
    ),
    asking(user_id) AS (SELECT %s::bigint),
    reached(unit_id, only_id) AS (
        SELECT leads.unit_id, NULL::bigint FROM leads JOIN asking USING (user_id)
      UNION
        SELECT child.id, coalesce(leads.user_id, reached.only_id)
        FROM reached JOIN people_unit child ON child.parent_id = reached.unit_id
        CROSS JOIN asking
        LEFT JOIN leads ON leads.unit_id = child.id
        WHERE leads.user_id IS NULL
           OR (leads.user_id <> asking.user_id
               AND (reached.only_id IS NULL OR leads.user_id = reached.only_id))
    )
    SELECT position.id FROM reached CROSS JOIN asking
    JOIN people_position position ON position.unit_id = reached.unit_id
    WHERE (reached.only_id IS NULL OR position.user_id = reached.only_id)
      AND position.user_id <> asking.user_id
      AND %s BETWEEN position.valid_from AND coalesce(position.valid_to, 'infinity')
"""
"""Down the tree from what the person leads: through vacancies to all who work there, and through
a unit with a leader to that leader alone, however many units below each other are the leader's.
The same line as `people.organisation.line_manager_of`, walked from the other end."""


def left_behind(
    on: dt.date, *, leaders: Iterable[int] | None = None, only: int | None = None
) -> RawSQL:
    """Ids of agreements whose leader is the line manager there no more and still stands in them.

    All there are (the two tables that everybody is in are then read once), those of some leaders,
    or one.
    """
    if only is not None:
        return _left_behind("NOT MATERIALIZED", "agreement.id = %s", on, only)
    if leaders is not None:
        mine = "agreement.leader_id = ANY(%s::bigint[])"
        return _left_behind("NOT MATERIALIZED", mine, on, list(leaders))
    return _left_behind("MATERIALIZED", "TRUE", on)


def _left_behind(kept: str, which: str, on: dt.date, *params: object) -> RawSQL:
    sql = _LEFT_BEHIND_SQL.format(kept=kept, which=which)
    return RawSQL(sql, [on, on, *params], BigIntegerField())  # noqa: S611 (SQL is constant)


def positions_led_by(user_id: int, on: dt.date) -> RawSQL:
    """Ids of the positions whose line manager this person is."""
    return RawSQL(_LED_SQL, [on, user_id, on], BigIntegerField())  # noqa: S611 (SQL is constant)
