"""Days on which people are at work, counted for reminders that can wait."""

from __future__ import annotations

import datetime as dt

DAY = dt.timedelta(days=1)
SATURDAY = 5


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY


def working_days_after(day: dt.date, number: int) -> dt.date:
    """Return the day that is so many working days after another."""
    while number:
        day += DAY
        number -= is_working_day(day)
    return day
