"""Whose work a unit's mission is: its leader's, or in a vacancy the nearest leader above.

Not the reporting line (`people/reporting_line.py`): that passes the person who is led and leaders
who may not sign in, and follows no closed unit.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from people.models import Leadership, Role, RoleGrant, Unit, User

_ANSWERED_FOR = """
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
    )
"""
_ANSWERED_FOR_SQL = _ANSWERED_FOR + "SELECT id FROM answered_for"  # noqa: S608 (constants)

_CONCERNING_SQL = (
    _ANSWERED_FOR  # noqa: S608 (constants)
    + """
    SELECT id FROM answered_for
    UNION
    SELECT unit_id FROM today, people_position
     WHERE user_id = %s AND today.day BETWEEN valid_from AND coalesce(valid_to, 'infinity')
    UNION
    SELECT unit_id FROM today, people_leadership
     WHERE user_id = %s AND today.day BETWEEN valid_from AND coalesce(valid_to, 'infinity')
"""
)
"""One set and not three: joined by OR they would be looked up for every unit there is."""

_TAKEN_OVER_SQL = (
    _ANSWERED_FOR  # noqa: S608 (constants)
    + """
    , closed(id, heir) AS MATERIALIZED (
        SELECT unit.id, coalesce(step.to_unit_id, unit.parent_id)
        FROM today, people_unit unit
        LEFT JOIN people_unit_successors step ON step.from_unit_id = unit.id
        WHERE unit.valid_to < today.day
    ),
    taken_over(id) AS (
        SELECT id FROM answered_for
      UNION
        SELECT closed.id FROM taken_over JOIN closed ON closed.heir = taken_over.id
    ) SELECT id FROM taken_over
"""
)
"""What a closed unit leaves behind goes to its successors, and without one to the unit above."""


_ANSWERING_SQL = """
    WITH RECURSIVE today(day) AS (SELECT %s::date), follows(id, is_open) AS (
        SELECT unit.id, coalesce(unit.valid_to, 'infinity') >= today.day
        FROM today, people_unit unit WHERE unit.id = %s
      UNION
        SELECT heir.id, coalesce(heir.valid_to, 'infinity') >= today.day
        FROM today, follows
        JOIN people_unit gone ON gone.id = follows.id
        LEFT JOIN people_unit_successors step ON step.from_unit_id = gone.id
        JOIN people_unit heir ON heir.id = coalesce(step.to_unit_id, gone.parent_id)
        WHERE NOT follows.is_open
    ),
    line(id, parent_id, height) AS (
        SELECT unit.id, unit.parent_id, 0
        FROM people_unit unit JOIN follows ON follows.id = unit.id WHERE follows.is_open
      UNION ALL
        SELECT unit.id, unit.parent_id, line.height + 1
        FROM people_unit unit JOIN line ON unit.id = line.parent_id
    )
    SELECT led.user_id FROM today, line JOIN people_leadership led ON led.unit_id = line.id
    WHERE today.day BETWEEN led.valid_from AND coalesce(led.valid_to, 'infinity')
    ORDER BY line.height, line.id LIMIT 1
"""


def answering_for(unit: Unit, today: dt.date) -> User | None:
    """The leader of the unit, or in a vacancy the nearest above; None where nobody leads.

    For a closed unit, the same of what follows it.
    """
    answerer: User | None = (
        get_user_model()
        .objects.filter(pk__in=RawSQL(_ANSWERING_SQL, [today, unit.pk], BigIntegerField()))  # noqa: S611 (constant)
        .first()
    )
    return answerer


def units_answered_for(user: User, today: dt.date) -> RawSQL:
    """Ids of the open units this person leads, and of those below them that nobody leads."""
    return RawSQL(_ANSWERED_FOR_SQL, [today, user.pk], BigIntegerField())  # noqa: S611 (constant)


def units_concerning(user: User, today: dt.date) -> RawSQL:
    """Ids of the units where this person works, of those they lead, and of those they answer for.

    Those they lead also when they are closed.
    """
    params = [today, user.pk, user.pk, user.pk]
    return RawSQL(_CONCERNING_SQL, params, BigIntegerField())  # noqa: S611 (constant)


def units_taken_over(user: User, today: dt.date) -> RawSQL:
    """Ids of the units this person answers for, and of the closed ones that they follow."""
    return RawSQL(_TAKEN_OVER_SQL, [today, user.pk], BigIntegerField())  # noqa: S611 (constant)


def coverage_roots(user: User, today: dt.date) -> list[int]:
    """The units this person leads, and those on which they hold the HR role."""
    led = Leadership.objects.valid_on(today).filter(user=user).values_list("unit_id", flat=True)
    granted = RoleGrant.objects.valid_on(today).filter(user=user, role=Role.HR)
    return sorted({*led, *granted.values_list("unit_id", flat=True)})
