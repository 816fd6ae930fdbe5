"""What beat would have queued meanwhile, taken from the rooms' own schedules and run here.

A duty that came due several times since the last moment is done once, as by a worker that was
away: each of them asks what is due, and not how often it was called.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from common.dates import OSLO
from common.duties import Duty
from common.rooms import rooms
from portal.celery import app

MINUTE = dt.timedelta(minutes=1)


@dataclass
class QueryCount:
    """Counts what is asked of the database while it is the wrapper."""

    queries: int = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)


@dataclass
class Beat:
    last: dt.datetime
    runs: int = 0
    by_name: dict[str, int] = field(default_factory=dict)

    def due(self, now: dt.datetime) -> list[Duty]:
        """Return the duties whose minute has come since the last time, in its order."""
        found = [
            (when, duty.name, duty) for duty in all_duties() if (when := self._minute_of(duty, now))
        ]
        self.last = now
        return [duty for _when, _name, duty in sorted(found, key=lambda one: one[:2])]

    def _minute_of(self, duty: Duty, now: dt.datetime) -> dt.datetime | None:
        """Return its latest minute on Oslo's clocks since the last time."""
        minute = now.replace(second=0, microsecond=0)
        while minute > self.last:
            there = minute.astimezone(OSLO)
            if there.minute in duty.when.minute and there.hour in duty.when.hour:
                return minute
            minute -= MINUTE
        return None

    def run(self, duty: Duty) -> int:
        """Do it as a worker does; returns how many queries it took."""
        count = QueryCount()
        with connection.execute_wrapper(count):
            app.tasks[duty.task].apply(throw=True)
        self.runs += 1
        self.by_name[duty.name] = self.by_name.get(duty.name, 0) + 1
        return count.queries


def all_duties() -> Iterator[Duty]:
    """Every duty of every room that comes by the clock on the wall."""
    return (duty for room in rooms() for duty in room.duties if not isinstance(duty.when, int))
