"""Times by the clock in Oslo, which skips an hour in March and shows one twice in October."""

from __future__ import annotations

import datetime as dt

from common.dates import OSLO

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""What somebody means by a day: «0026» and «20266» are slips of the finger."""


def is_skipped(clock: dt.datetime) -> bool:
    """Whether no clock ever shows it: 02.30 on the night summer time begins."""
    there = clock.replace(tzinfo=OSLO).astimezone(dt.UTC).astimezone(OSLO)
    return there.replace(tzinfo=None, fold=0) != clock.replace(tzinfo=None, fold=0)


def is_repeated(clock: dt.datetime) -> bool:
    """Whether clocks show it twice: 02.30 on the night summer time ends."""
    first, second = (clock.replace(tzinfo=OSLO, fold=fold).utcoffset() for fold in (0, 1))
    return first != second and not is_skipped(clock)


def at_clock(clock: dt.datetime) -> dt.datetime:
    """Return the moment clocks show this: the first of two, and of none the next that is shown."""
    naive = clock.replace(tzinfo=None, fold=0)
    while is_skipped(naive):
        naive = naive.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return naive.replace(tzinfo=OSLO)


def is_plausible(day: dt.date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR
