"""Working days counted for reminders that can wait."""

from __future__ import annotations

import datetime as dt

from common.working_time import next_working_day


def working_days_after(day: dt.date, number: int) -> dt.date:
    """Return the day that is so many working days after another."""
    for _day in range(number):
        day = next_working_day(day)
    return day
