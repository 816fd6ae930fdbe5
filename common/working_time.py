"""Working time in a Norwegian municipality: what a promised time to answer counts, and when
letters that can wait are sent.

A working day's hours and the days of rest stand here and nowhere else. The public holidays are
those of lov om helligdager og helligdagsfred and lov om 1 og 17 mai; Christmas Eve and New Year's
Eve are days of rest too, as nobody is to expect an answer then.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from dateutil.easter import easter

from common.dates import OSLO, local

BEGINS, ENDS = dt.time(8), dt.time(16)
WORKING_DAY = dt.timedelta(hours=8)
"""As long as from BEGINS to ENDS."""

LONGEST_REST = dt.timedelta(days=6)
"""No rest lasts as long: at Easter, from Wednesday's end to Tuesday, it is five days and a half."""

DAY = dt.timedelta(days=1)
SATURDAY = 5
FIXED = ((1, 1), (5, 1), (5, 17), (12, 24), (12, 25), (12, 26), (12, 31))
FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday and Good Friday, Easter's two days, Ascension Day, and Whitsun's two."""


@lru_cache(200)
def _days_of_rest(year: int) -> frozenset[dt.date]:
    sunday: dt.date = easter(year)
    moving = {sunday + days * DAY for days in FROM_EASTER}
    return frozenset(moving | {dt.date(year, month, day) for month, day in FIXED})


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in _days_of_rest(day.year)


def working_day_from(day: dt.date) -> dt.date:
    """Return the day, or else the first working day after it."""
    while not is_working_day(day):
        day += DAY
    return day


def working_day_until(day: dt.date) -> dt.date:
    """Return the day, or else the last working day before it."""
    while not is_working_day(day):
        day -= DAY
    return day


def next_working_day(day: dt.date) -> dt.date:
    return working_day_from(day + DAY)


def working_days_after(day: dt.date, number: int) -> dt.date:
    """Return the day that is so many working days after another."""
    for _each in range(number):
        day = next_working_day(day)
    return day


def opening_of(day: dt.date) -> dt.datetime:
    """Return the moment at which work begins on a day."""
    return dt.datetime.combine(day, BEGINS, OSLO).astimezone(dt.UTC)


def closing_of(day: dt.date) -> dt.datetime:
    """Return the moment at which work ends on a day."""
    return dt.datetime.combine(day, ENDS, OSLO).astimezone(dt.UTC)


def is_working_time(moment: dt.datetime) -> bool:
    here = local(moment)
    return is_working_day(here.date()) and BEGINS <= here.time() < ENDS


def next_working_moment(moment: dt.datetime) -> dt.datetime:
    """Return the moment itself in working time, or else when work begins the next time."""
    if is_working_time(moment):
        return moment
    day = local(moment).date()
    if is_working_day(day) and moment < opening_of(day):
        return opening_of(day)
    return opening_of(next_working_day(day))


def reminder_opens_at(day: dt.date, *, days_before: int) -> dt.datetime:
    """Return when a reminder of something on a day falls due: as work begins so many days before
    it, or on the last working day before those."""
    return opening_of(working_day_until(day - days_before * DAY))


def working_time_between(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Return how much working time there is from one moment to another; none when they are turned.

    Clocks are changed on nights to Sunday, so an hour of work is always an hour.
    """
    total = dt.timedelta()
    day, last = local(start).date(), local(end).date()
    while day <= last:
        if is_working_day(day):
            part = min(closing_of(day), end) - max(opening_of(day), start)
            total += max(part, dt.timedelta())
        day += DAY
    return total


def after_working_time(start: dt.datetime, length: dt.timedelta) -> dt.datetime:
    """Return the first moment with so much working time since the start; the start for none."""
    moment = start
    while length > dt.timedelta():
        moment = next_working_moment(moment)
        part = min(length, closing_of(local(moment).date()) - moment)
        moment, length = moment + part, length - part
    return moment


def before_working_time(end: dt.datetime, length: dt.timedelta) -> dt.datetime:
    """Return the last moment with so much working time until the end; the end for none."""
    moment = end
    while length > dt.timedelta():
        day = local(moment).date()
        if not is_working_day(day) or moment <= opening_of(day):
            day = working_day_until(day - DAY)
        moment = min(moment, closing_of(day))
        part = min(length, moment - opening_of(day))
        moment, length = moment - part, length - part
    return moment
