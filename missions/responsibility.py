"""Whose work a unit's mission is: its leader's, or in a vacancy the nearest leader above."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from people.models import User

_HOLDS = "{row}.valid_from <= %(today)s AND ({row}.valid_to IS NULL OR {row}.valid_to >= %(today)s)"

_RESPONSIBLE_SQL = f"""
    WITH RECURSIVE mine(id) AS (
        SELECT unit.id FROM people_leadership led JOIN people_unit unit ON unit.id = led.unit_id
        WHERE led.user_id = %(user)s AND {_HOLDS.format(row="led")}
          AND {_HOLDS.format(row="unit")}
      UNION
        SELECT child.id FROM people_unit child JOIN mine ON child.parent_id = mine.id
        WHERE {_HOLDS.format(row="child")} AND NOT EXISTS (
            SELECT 1 FROM people_leadership other
            WHERE other.unit_id = child.id AND {_HOLDS.format(row="other")}
        )
    ) SELECT id FROM mine
"""  # noqa: S608 (constant SQL, parameters bound)


def units_answered_for(user: User, today: dt.date) -> RawSQL:
    """Ids of the open units this person leads, and of those below them that nobody leads."""
    return RawSQL(_positional(_RESPONSIBLE_SQL), _arguments(user, today))


def _positional(sql: str) -> str:
    return sql.replace("%(user)s", "%s").replace("%(today)s", "%s")


def _arguments(user: User, today: dt.date) -> list[object]:
    return [user.pk, *[today] * _RESPONSIBLE_SQL.count("%(today)s")]
