"""Whose work a unit's mission is: its leader's, or in a vacancy the nearest leader above."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from people.models import Unit, User

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


_ANSWERING_SQL = """
    WITH RECURSIVE line(id, parent_id, height) AS (
        SELECT id, parent_id, 0 FROM people_unit WHERE id = %s
      UNION ALL
        SELECT unit.id, unit.parent_id, line.height + 1
        FROM people_unit unit JOIN line ON unit.id = line.parent_id
    )
    SELECT led.user_id FROM line JOIN people_leadership led ON led.unit_id = line.id
    WHERE led.valid_from <= %s AND coalesce(led.valid_to, 'infinity') >= %s
    ORDER BY line.height LIMIT 1
"""


def answering_for(unit: Unit, today: dt.date) -> User | None:
    """The leader of the unit, or in a vacancy the nearest above; None where nobody leads."""
    answerer: User | None = (
        get_user_model()
        .objects.filter(pk__in=RawSQL(_ANSWERING_SQL, [unit.pk, today, today], BigIntegerField()))  # noqa: S611 (constant)
        .first()
    )
    return answerer


def units_answered_for(user: User, today: dt.date) -> RawSQL:
    """Ids of the open units this person leads, and of those below them that nobody leads."""
    return RawSQL(_ANSWERED_FOR_SQL, [today, user.pk], BigIntegerField())  # noqa: S611 (constant)
