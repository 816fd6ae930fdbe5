"""The levels of the organisation at which people lead, as keys that may be kept and compared.

Agencies call the same height by different names, and different heights by the same one. So a unit
has its level («agency»), what it is called («avdeling»), and how far below its agency it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Level, User
from people.tree import ids_at_depths

_LED_SQL = """
    WITH RECURSIVE line(unit_id, at_id, height) AS (
        SELECT unit_id, unit_id, 0 FROM people_leadership
        WHERE (%(user)s::bigint IS NULL OR user_id = %(user)s)
          AND %(on)s BETWEEN valid_from AND coalesce(valid_to, 'infinity')
      UNION
        SELECT line.unit_id, place.parent_id, line.height + 1
        FROM line JOIN people_unit place ON place.id = line.at_id
        WHERE place.level = 'unit' AND place.parent_id IS NOT NULL
    )
    SELECT DISTINCT unit.level, unit.level_name,
           CASE WHEN unit.level = 'unit' AND top.level = 'agency' THEN line.height END
    FROM line
    JOIN people_unit unit ON unit.id = line.unit_id
    JOIN people_unit top ON top.id = line.at_id
    WHERE top.level <> 'unit' OR top.parent_id IS NULL
"""
"""Walks from each unit that is led up to its agency."""


def levels_led(user: User, *, on: dt.date) -> set[str]:
    """Every level at which the person leads a unit on the day."""
    return _keys(user.pk, on)


def levels_in_use(*, on: dt.date) -> list[str]:
    """Those at which somebody leads on the day, from the top down, and then by name."""
    return sorted(_keys(None, on), key=_order)


def at_levels(levels: Collection[str]) -> Q:
    """Leaderships of units at one of these levels; of any unit when there are none."""
    if not levels:
        return Q()
    parts = [level.partition(":") for level in levels]
    return (
        Q(unit__level__in=[value for kind, _sep, value in parts if kind == "level"])
        | Q(unit__level_name__in=[value for kind, _sep, value in parts if kind == "name"])
        | Q(unit__in=ids_at_depths(int(value) for kind, _sep, value in parts if kind == "depth"))
    )


def level_in_words(key: str) -> str:
    kind, _sep, value = key.partition(":")
    if kind == "depth":
        return _("nivå %(depth)s under virksomheten") % {"depth": value}
    return str(Level(value).label) if kind == "level" else value


def _keys(user_id: int | None, on: dt.date) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LED_SQL, {"user": user_id, "on": on})
        rows = cursor.fetchall()
    keys = {f"level:{level}" for level, _name, _depth in rows if level != Level.UNIT}
    keys |= {f"name:{name}" for level, name, _depth in rows if level != Level.MUNICIPALITY}
    return keys | {f"depth:{depth}" for _level, _name, depth in rows if depth is not None}


def _order(key: str) -> tuple[int, int, str]:
    kind, _sep, value = key.partition(":")
    if kind == "depth":
        return (1, int(value), "")
    return (0, Level.values.index(value), "") if kind == "level" else (2, 0, value)
