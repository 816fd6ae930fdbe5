"""How far missions reach: is there one, how old is it, and how many have read it.

Figures of reading are of disjoint groups only, the people of each very unit, and «at least»: in
steps of a small group, and a small group short of everybody, so that neither two looks nor a whole
unit that has read tell of anybody. No total is shown from which a part could be taken.

Of what lies below, units are counted and nothing else is read; readers are counted in the units
that stand on the page alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.timesince import timesince

from common.small_groups import told_at_least

MOST_AT_ONCE = 30
"""So many units stand side by side on a page; of more, each level is folded."""

_ROWS_SQL = """
    WITH RECURSIVE today(day) AS (SELECT %(today)s::date),
    shown(id) AS (
        SELECT unit.id FROM today, people_unit unit
        WHERE (unit.id = ANY(%(roots)s) OR unit.parent_id = ANY(%(parents)s))
          AND today.day BETWEEN unit.valid_from AND coalesce(unit.valid_to, 'infinity')
    ),
    below(root, id) AS (
        SELECT id, id FROM shown
      UNION ALL
        SELECT below.root, child.id FROM today, below
        JOIN people_unit child ON child.parent_id = below.id
        WHERE today.day BETWEEN child.valid_from AND coalesce(child.valid_to, 'infinity')
    ),
    reach AS (
        SELECT root, count(*) - 1 AS units_below,
            count(*) FILTER (WHERE id <> root AND EXISTS (
                SELECT FROM missions_mission mission
                JOIN missions_missionversion version ON version.mission_id = mission.id
                WHERE mission.unit_id = below.id AND version.state = 'published'
            )) AS published_below
        FROM below GROUP BY root
    ),
    newest AS (
        SELECT shown.id AS unit_id, version.* FROM shown
        JOIN missions_mission mission ON mission.unit_id = shown.id
        CROSS JOIN LATERAL (
            SELECT id, mission_id, reading, published_at FROM missions_missionversion
            WHERE mission_id = mission.id AND state = 'published'
            ORDER BY number DESC LIMIT 1
        ) version
    ),
    asked AS (
        SELECT DISTINCT newest.unit_id, place.user_id FROM today, newest
        CROSS JOIN LATERAL (
            SELECT user_id, valid_from, valid_to FROM people_position
            WHERE unit_id = newest.unit_id
          UNION ALL
            SELECT user_id, valid_from, valid_to FROM people_leadership
            WHERE unit_id = newest.unit_id
        ) place
        JOIN people_user person ON person.id = place.user_id AND person.is_active
        WHERE today.day BETWEEN place.valid_from AND coalesce(place.valid_to, 'infinity')
          AND NOT EXISTS (
            SELECT FROM missions_missionversion wrote
            WHERE wrote.mission_id = newest.mission_id AND wrote.reading = newest.reading
              AND wrote.published_by_id = place.user_id
        )
    ),
    said AS (
        SELECT DISTINCT newest.unit_id, said.user_id FROM newest
        JOIN missions_missionversion version
          ON version.mission_id = newest.mission_id AND version.reading = newest.reading
        JOIN missions_acknowledgement said ON said.version_id = version.id
    ),
    readers AS (
        SELECT asked.unit_id, count(*) AS people, count(said.user_id) AS have_read
        FROM asked LEFT JOIN said USING (unit_id, user_id) GROUP BY asked.unit_id
    )
    SELECT unit.id, unit.name, unit.level_name, newest.id, newest.published_at,
        reach.units_below, reach.published_below, readers.people, readers.have_read
    FROM reach JOIN people_unit unit ON unit.id = reach.root
    LEFT JOIN newest ON newest.unit_id = unit.id
    LEFT JOIN readers ON readers.unit_id = unit.id
    ORDER BY unit.sort_key
"""


@dataclass(frozen=True)
class CoverageRow:
    """One unit of the tree: its own mission, its own people's reading, and what lies below."""

    unit_id: int
    name: str
    level_name: str
    version_id: int | None
    published_at: dt.datetime | None
    units_below: int
    published_below: int
    people: int | None
    have_read: int | None

    @property
    def age(self) -> str:
        """«11 måneder»: the weeks on top of them say nothing more."""
        return timesince(self.published_at, depth=1) if self.published_at else ""

    @property
    def read_at_least(self) -> int:
        """How many of the unit's own people have read, as far as may be told; 0 tells nothing."""
        return told_at_least(self.have_read or 0, of=self.people or 0)


@dataclass(frozen=True)
class CoverageGroup:
    """The units of one level among many, folded until somebody asks for them."""

    level_name: str
    rows: list[CoverageRow]
    is_folded: bool

    @property
    def published(self) -> int:
        return sum(row.version_id is not None for row in self.rows)


def by_level(rows: list[CoverageRow]) -> list[CoverageGroup]:
    """Level by level in the order met; folded where one page would show too many at once."""
    levels: dict[str, list[CoverageRow]] = {}
    for row in rows:
        levels.setdefault(row.level_name, []).append(row)
    is_folded = len(rows) > MOST_AT_ONCE
    return [CoverageGroup(name, found, is_folded) for name, found in levels.items()]


def coverage_of(roots: list[int], today: dt.date) -> list[CoverageRow]:
    """A row for each of these units that is open."""
    return _rows(roots=roots, parents=[], today=today)


def coverage_below(unit_id: int, today: dt.date) -> list[CoverageRow]:
    """A row for each open unit right below."""
    return _rows(roots=[], parents=[unit_id], today=today)


def _rows(*, roots: list[int], parents: list[int], today: dt.date) -> list[CoverageRow]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_SQL, {"roots": roots, "parents": parents, "today": today})
        return [CoverageRow(*row) for row in cursor.fetchall()]
