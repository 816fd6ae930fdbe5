"""Norway's public holidays, worked out here and not by the portal."""

from __future__ import annotations

import datetime as dt


def easter(year: int) -> dt.date:
    """After Gauss, in the anonymous form of 1876."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def is_holiday(day: dt.date) -> bool:
    """Whether the municipality is at rest: Saturdays and Sundays, too."""
    fixed = {(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)}
    moving = {easter(day.year) + dt.timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50)}
    return day.weekday() > 4 or (day.month, day.day) in fixed or day in moving
