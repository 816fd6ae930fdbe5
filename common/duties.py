"""What beat starts by itself: by the clock on the wall, never so long after the last time.

An interval counts from when beat first saw it. A beat whose schedule file is new at each start, as
in a container, counts from its own start, and one that is restarted more often than the interval is
long never gets that far. A minute of the clock comes whenever beat was started.

What is done once a day is done at night, outside the hour that a change of clocks skips or repeats.
"""

from __future__ import annotations

from dataclasses import dataclass

from celery.schedules import crontab


@dataclass(frozen=True)
class Duty:
    """A task without arguments that beat queues, under a name that beat remembers it by."""

    name: str
    task: str
    when: crontab | int
    """A minute of the clock; seconds between one time and the next for a sign of life alone."""
