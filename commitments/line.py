"""Between whom an agreement can be: a line manager and this very person, in one unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from missions.models import MissionVersion
from missions.sight import line_of_sight
from people.models import Position, Unit, User
from people.organisation import line_manager_of


@dataclass(frozen=True)
class Pair:
    """A leader and an employee, and the unit where the one leads the other."""

    leader: User
    employee: User
    unit: Unit
    title: str

    @property
    def key(self) -> str:
        return f"{self.leader.pk}-{self.employee.pk}-{self.unit.pk}"


def pairs_of_employee(user: User, today: dt.date) -> list[Pair]:
    """With the line manager of each position the person holds."""
    positions = Position.objects.valid_on(today).filter(user=user).select_related("unit__agency")
    found = []
    for position in positions:
        manager = line_manager_of(user, on=today, unit=position.unit)
        if manager is not None:
            found.append(Pair(manager, user, position.unit, position.title))
    return _each_once(found)


_LED_SQL = """
    WITH RECURSIVE leads(unit_id, user_id) AS (
        SELECT leadership.unit_id, leadership.user_id
        FROM people_leadership leadership JOIN people_user leader ON leader.id = leadership.user_id
        WHERE leader.is_active AND leadership.valid_from <= %(on)s
          AND coalesce(leadership.valid_to, 'infinity') >= %(on)s
    ),
    reached(unit_id, only_id) AS (
        SELECT unit_id, NULL::bigint FROM leads WHERE user_id = %(user)s
      UNION
        SELECT child.id, coalesce(leads.user_id, reached.only_id)
        FROM reached JOIN people_unit child ON child.parent_id = reached.unit_id
        LEFT JOIN leads ON leads.unit_id = child.id
        WHERE leads.user_id IS NULL
           OR (leads.user_id <> %(user)s
               AND (reached.only_id IS NULL OR leads.user_id = reached.only_id))
    )
    SELECT position.id FROM reached
    JOIN people_position position ON position.unit_id = reached.unit_id
    WHERE (reached.only_id IS NULL OR position.user_id = reached.only_id)
      AND position.user_id <> %(user)s AND position.valid_from <= %(on)s
      AND coalesce(position.valid_to, 'infinity') >= %(on)s
"""
"""Down the tree from what the person leads: through vacancies to all who work there, and through
a unit with a leader to that leader alone, however many units below each other are the leader's.
The same line as `people.organisation.line_manager_of`, walked from the other end."""


def pairs_of_leader(user: User, today: dt.date) -> list[Pair]:
    """With everybody whose line manager this person is, in the unit where they are."""
    with connection.cursor() as cursor:
        cursor.execute(_LED_SQL, {"user": user.pk, "on": today})
        led = [pk for (pk,) in cursor.fetchall()]
    positions = (
        Position.objects.filter(pk__in=led, user__is_active=True)
        .select_related("user", "unit__agency")
        .order_by("user__sort_key", "valid_from")
    )
    return _each_once(Pair(user, one.user, one.unit, one.title) for one in positions)


def pairs_of(user: User, today: dt.date) -> list[Pair]:
    return [*pairs_of_employee(user, today), *pairs_of_leader(user, today)]


def _each_once(pairs: Iterable[Pair]) -> list[Pair]:
    """Two positions in one unit are one conversation."""
    return list({pair.key: pair for pair in pairs}.values())


def title_in(user: User, unit: Unit, today: dt.date) -> str:
    """What the person is called in the unit; empty for whoever has no position there."""
    position = Position.objects.valid_on(today).filter(user=user, unit=unit).first()
    return position.title if position is not None else ""


def mission_for(unit: Unit, today: dt.date) -> MissionVersion | None:
    """The published mission of the unit, or of the nearest unit above that has one."""
    step = line_of_sight(unit, today).own
    return step.version or step.above
