"""The reporting line: who leads whom on a day. The rule stands once, as functions in PostgreSQL.

A person's line manager for a place in a unit is the nearest leader in that unit or above who may
sign in and is not the person. The walk goes past vacancies, past leaders who may not sign in, and
past the person: a leader's line manager is the leader above. Why these are functions is decided in
docs/adr/0028-reporting-line-in-functions.md.

Without the models, which may ask this, as the migration does that makes the functions.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from common.sql import sql_file


def _nearest_leader(leaders: str) -> str:
    """Return the walk up as parts of a query WITH RECURSIVE, which has `start` before them."""
    return "\n" + sql_file("people", "functions/_nearest_leader.sql", leaders=leaders)


_LOOKED_UP = """LATERAL (
            SELECT unit_id, user_id FROM people_leaders($3) found
            WHERE found.unit_id = line.unit_id OFFSET 0
        )"""
"""OFFSET 0 has each step of the line look in the index, instead of every leader being read. So it
does on the way down."""

NEAREST_OF_MANY_CTE = _nearest_leader("leads")
"""The walk up for a query WITH RECURSIVE about thousands of places: the function would look up the
leaders of each place's line anew. The query has `leads` from people_leaders, and `start` with a
person and a unit for each numbered place; it gets `nearest` with the place and its line manager."""

FUNCTIONS_SQL = sql_file(
    "people", "functions/reporting_line.sql", nearest_leader=_nearest_leader(_LOOKED_UP)
)
"""The second walks up from one place, the third down from one leader: through vacancies to all who
work there, and through a unit with a leader to that leader alone, however many units below each
other are the leader's. Going up for everybody to find out who is led by one would read everybody.
A test holds the two together over trees of any shape.

Each is one SELECT and not STRICT, so that PostgreSQL plans it as a part of the query that asks.
Arguments are numbered: a name would give way to a column that is called the same."""

DROP_FUNCTIONS_SQL = sql_file("people", "functions/reporting_line_dropped.sql")

_POSITIONS_LED_SQL = "SELECT position_id FROM people_positions_led(%s::bigint, %s::date)"


def positions_led_by(user_id: int, on: dt.date) -> RawSQL:
    """Return the ids of the positions whose line manager this person is, as a subquery."""
    return RawSQL(_POSITIONS_LED_SQL, [user_id, on], BigIntegerField())  # noqa: S611 (constant)
