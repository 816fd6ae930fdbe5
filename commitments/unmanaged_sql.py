"""Agreements whose leader is no longer the line manager there: asked at readings, and swept for.

Apart from the models, which ask it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from people.reporting_line import NEAREST_OF_MANY_CTE

_LEFT_BEHIND_SQL = """
    WITH RECURSIVE leads(unit_id, user_id) AS {kept} (
        SELECT unit_id, user_id FROM people_leaders(%s::date)
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
    start AS (
        SELECT row_number() OVER () AS place, doubtful.id, doubtful.leader_id,
            doubtful.employee_id AS person_id, place.unit_id
        FROM place JOIN doubtful USING (id)
        WHERE EXISTS (SELECT FROM works WHERE works.unit_id = place.unit_id
                        AND works.user_id = doubtful.employee_id)
    ),
    {nearest},
    still_led AS (
        SELECT start.id FROM start JOIN nearest USING (place)
        WHERE nearest.manager_id = start.leader_id
    )
    SELECT id FROM doubtful
    WHERE NOT EXISTS (SELECT FROM still_led WHERE still_led.id = doubtful.id)
"""
"""Most are seen to stand at a glance: the one leads the unit, the other works there. The line is
walked for the rest, from the unit and from what it has become: two who go together into a merged
unit stay the same two."""


_NEAREST_OF_FEW_CTE = """
    nearest(place, manager_id) AS (
        SELECT start.place, found.manager_id FROM start
        CROSS JOIN LATERAL people_line_manager(start.person_id, start.unit_id, %s::date) found
    )
"""


def left_behind(
    on: dt.date,
    *,
    leader: int | None = None,
    leaders: Iterable[int] | None = None,
    only: int | None = None,
) -> RawSQL:
    """Ids of agreements whose leader is the line manager there no more and still stands in them.

    All there are (the two tables that everybody is in are then read once), those of one leader or
    some, or one.
    """
    if only is not None:
        return _left_behind_of("agreement.id = %s", on, only)
    if leader is not None:
        return _left_behind_of("agreement.leader_id = %s", on, leader)
    if leaders is not None:
        return _left_behind_of("agreement.leader_id = ANY(%s::bigint[])", on, list(leaders))
    sql = _LEFT_BEHIND_SQL.format(kept="MATERIALIZED", which="TRUE", nearest=NEAREST_OF_MANY_CTE)
    return RawSQL(sql, [on, on], BigIntegerField())  # noqa: S611 (SQL is constant)


def _left_behind_of(which: str, on: dt.date, whose: object) -> RawSQL:
    """Return those of a few, whose line is looked up and not all there is read."""
    sql = _LEFT_BEHIND_SQL.format(kept="NOT MATERIALIZED", which=which, nearest=_NEAREST_OF_FEW_CTE)
    return RawSQL(sql, [on, on, whose, on], BigIntegerField())  # noqa: S611 (SQL is constant)
