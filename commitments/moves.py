"""Which agreements are between two who do not lead and are led any more, on a day."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from commitments.models import Share
from people.organisation import line_managers_of

_LEFT_BEHIND_SQL = """
    WITH RECURSIVE leads(unit_id, user_id) AS MATERIALIZED (
        SELECT leadership.unit_id, leadership.user_id
        FROM people_leadership leadership JOIN people_user leader ON leader.id = leadership.user_id
        WHERE leader.is_active AND leadership.valid_from <= %(on)s
          AND coalesce(leadership.valid_to, 'infinity') >= %(on)s
    ),
    works(unit_id, user_id) AS (
        SELECT unit_id, user_id FROM people_position
        WHERE valid_from <= %(on)s AND coalesce(valid_to, 'infinity') >= %(on)s
    ),
    doubtful AS MATERIALIZED (
        SELECT id, unit_id, employee_id, leader_id FROM commitments_agreement agreement
        WHERE leader_access_ended_at IS NULL AND erased_at IS NULL
          AND (%(only)s::bigint IS NULL OR id = %(only)s)
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
    ) ORDER BY id
"""
"""Most are seen to stand at a glance: the one leads the unit, the other works there. The line is
walked for the rest as `people.organisation.line_manager_of` walks it, from the unit and from what
it has become: two who go together into a merged unit stay the same two."""


def left_behind(on: dt.date, *, only: int | None = None) -> list[int]:
    """Agreements that the leader still reads without being the line manager there any more."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_BEHIND_SQL, {"on": on, "only": only})
        return [pk for (pk,) in cursor.fetchall()]


def outlived_shares(on: dt.date) -> list[Share]:
    """Shares with somebody who is not the employee's line manager any more either."""
    shares = Share.objects.active().select_related("agreement__employee", "with_user")
    return [
        share
        for share in shares
        if share.with_user not in line_managers_of(share.agreement.employee, on=on)
    ]
