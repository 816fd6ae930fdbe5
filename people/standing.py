"""What a person is in the municipality today: asked for once a request, and used by all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from people.models import Role, User

_STANDING_SQL = """
    SELECT EXISTS (SELECT FROM people_position WHERE user_id = %(user)s
                      AND %(on)s BETWEEN valid_from AND coalesce(valid_to, 'infinity')),
           EXISTS (SELECT FROM people_leadership WHERE user_id = %(user)s
                      AND %(on)s BETWEEN valid_from AND coalesce(valid_to, 'infinity')),
           ARRAY (SELECT role::text FROM people_rolegrant WHERE user_id = %(user)s
                     AND %(on)s BETWEEN valid_from AND coalesce(valid_to, 'infinity'))
"""
"""Every page asks this, and building it from querysets takes longer than the answer does."""


@dataclass(frozen=True)
class Standing:
    """Does this person work here, does she lead, and in which roles?"""

    has_position: bool
    is_leader: bool
    roles: frozenset[str]

    @property
    def works_here(self) -> bool:
        """Has a position, or a role for those who work for the municipality without one."""
        return self.has_position or bool(self.roles)

    def has_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


def standing_of(user: User, today: dt.date) -> Standing:
    """One query, whatever the number of roles."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING_SQL, {"user": user.pk, "on": today})
        has_position, is_leader, roles = cursor.fetchall()[0]
    return Standing(has_position, is_leader, frozenset(roles))
