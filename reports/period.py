"""The days a report is about, both included, on Oslo's calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from common.dates import OSLO

TIME_TO_RECORD = dt.timedelta(days=14)
"""How long organisers have to record attendance after a half-year, before it is counted."""
HALF_A_YEAR = dt.timedelta(days=182)


class Preset(TextChoices):
    YEAR = "year", _("Hittil i år")
    TWELVE_MONTHS = "12m", _("Siste 12 måneder")
    AHEAD = "ahead", _("Kommende halvår")
    CUSTOM = "custom", _("Velg datoer")


@dataclass(frozen=True)
class Period:
    first: dt.date
    last: dt.date

    @property
    def start(self) -> dt.datetime:
        """The first moment of the first day."""
        return dt.datetime.combine(self.first, dt.time.min, OSLO)

    @property
    def end(self) -> dt.datetime:
        """The first moment after the last day."""
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time.min, OSLO)

    def is_within(self, other: Period) -> bool:
        return other.first <= self.first and self.last <= other.last

    @property
    def before(self) -> Period:
        """The half-year that was over when this one began."""
        return half_year_of(self.first - dt.timedelta(days=1))

    @property
    def next(self) -> Period:
        """The half-year that begins when this one is over."""
        return half_year_from(self.last + dt.timedelta(days=1))


def half_year_of(day: dt.date) -> Period:
    """The half-year that this day is in."""
    return half_year_from(day.replace(month=1 if day.month < 7 else 7, day=1))


def half_year_from(first: dt.date) -> Period:
    """The half-year that begins on this first of January or of July."""
    following = first.replace(month=7) if first.month == 1 else dt.date(first.year + 1, 1, 1)
    return Period(first, following - dt.timedelta(days=1))


def counted_half_year(today: dt.date) -> Period:
    """The latest half-year that was over a fortnight ago."""
    return half_year_of(today - TIME_TO_RECORD).before


def half_years_within(period: Period, last: Period) -> Period | None:
    """The half-years that lie wholly within the period, up to a last one, from end to end."""
    starts = half_year_of(period.first)
    first = starts if starts.first == period.first else starts.next
    final = min(half_year_of(period.last + dt.timedelta(days=1)).before, last, key=_first_day)
    return Period(first.first, final.last) if first.first <= final.first else None


def _first_day(period: Period) -> dt.date:
    return period.first


def preset_period(preset: str, today: dt.date) -> Period:
    if preset == Preset.TWELVE_MONTHS:
        return Period(_a_year_before(today) + dt.timedelta(days=1), today)
    if preset == Preset.AHEAD:
        return Period(today, today + HALF_A_YEAR)
    return Period(today.replace(month=1, day=1), today)


def _a_year_before(day: dt.date) -> dt.date:
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)
