"""Whose work a unit's mission is: its leader's, or in a vacancy the nearest leader above."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from people.models import User

_ANSWERED_FOR_SQL = """
    WITH RECURSIVE today(day) AS (SELECT %s::date), answered_for(id) AS (
        SELECT unit.id FROM today, people_leadership led
        JOIN people_unit unit ON unit.id = led.unit_id
        WHERE led.user_id = %s
          AND today.day BETWEEN led.valid_from AND coalesce(led.valid_to, 'infinity')
          AND today.day BETWEEN unit.valid_from AND coalesce(unit.valid_to, 'infinity')
      UNION
        SELECT child.id FROM today, answered_for
        JOIN people_unit child ON child.parent_id = answered_for.id
        WHERE today.day BETWEEN child.valid_from AND coalesce(child.valid_to, 'infinity')
          AND NOT EXISTS (
            SELECT 1 FROM people_leadership other WHERE other.unit_id = child.id
              AND today.day BETWEEN other.valid_from AND coalesce(other.valid_to, 'infinity')
        )
    ) SELECT id FROM answered_for
"""


def units_answered_for(user: User, today: dt.date) -> RawSQL:
    """Ids of the open units this person leads, and of those below them that nobody leads."""
    return RawSQL(_ANSWERED_FOR_SQL, [today, user.pk], BigIntegerField())  # noqa: S611 (constant)
