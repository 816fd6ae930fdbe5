"""A clock that is told what it shows, for Django and for the database's own rules.

Nothing of ours is replaced: `django.utils.timezone.now` asks `datetime` for the time, and that is
the name that is exchanged there. So defaults of fields that were bound long before follow, too.
PostgreSQL looks for `now()` in a schema of the year's before its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from common.dates import OSLO

SCHEMA = """
    CREATE SCHEMA IF NOT EXISTS the_year;
    CREATE OR REPLACE FUNCTION the_year.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT current_setting('the_year.now')::timestamptz $$
"""


class _TellsKind(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, dt.datetime)


class MovingClock:
    """Shows `moment` until it is moved, and never goes back."""

    def __init__(self, moment: dt.datetime) -> None:
        self.moment = moment

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.moment)

    def move(self, to: dt.datetime) -> None:
        if to < self.moment:
            raise ValueError(f"{to} is before {self.moment}")
        self.moment = to
        self._tell_database()

    def move_to(self, day: dt.date, hour: int, minute: int = 0) -> None:
        """By the clocks in Oslo; where a moment is skipped or gone already, the next there is."""
        there = dt.datetime.combine(day, dt.time(hour, minute, tzinfo=OSLO)).astimezone(dt.UTC)
        self.move(max(there, self.moment + dt.timedelta(seconds=1)))

    @contextmanager
    def running(self) -> Iterator[None]:
        clock = self

        class Datetime(dt.datetime, metaclass=_TellsKind):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
                return clock.moment.astimezone(tz)

        names = vars(timezone)
        usual = names["datetime"]
        with connection.cursor() as cursor:
            cursor.execute(SCHEMA)
        connection_created.connect(self._tell_database)
        names["datetime"] = Datetime
        try:
            self._tell_database()
            yield
        finally:
            names["datetime"] = usual
            connection_created.disconnect(self._tell_database)
            with connection.cursor() as cursor:
                cursor.execute("RESET search_path")
                cursor.execute("DROP SCHEMA the_year CASCADE")

    def _tell_database(self, **_signal: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT set_config('search_path', '"$user", the_year, pg_catalog, public', false),
                          set_config('the_year.now', %s, false)""",
                [self.moment.isoformat()],
            )
