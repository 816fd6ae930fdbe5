"""How days and times are written on the screen and in letters: always in Oslo's time.

The sentences are bokmål's own («tirsdag 24. november 2026 kl. 09.00–15.30»). English follows the
same order of day, month and year, has «09:00», and names the month in tables as well.
"""

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format
from django.utils.formats import get_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

OSLO = ZoneInfo("Europe/Oslo")
_BEFORE_TIME = re.compile(r" (?=\d\d[.:]\d\d(?!\.\d))")
_WITHIN_RANGE = re.compile(r"(?<=\d)–(?=\d)")
DAYS_KEPT = 2_000
"""In words and each language: a page says the same few days to everybody who opens it."""


def local(moment: dt.datetime) -> dt.datetime:
    """The moment on a clock in Oslo; a moment without a zone is taken to be there already."""
    return moment.replace(tzinfo=OSLO) if moment.tzinfo is None else moment.astimezone(OSLO)


def as_date(value: dt.date) -> dt.date:
    return local(value).date() if isinstance(value, dt.datetime) else value


def last_date(end: dt.datetime) -> dt.date:
    """The day on which what ends then is held last; what ends at midnight is so the day before."""
    return as_date(local(end) - dt.timedelta(microseconds=1))


def day(value: dt.date) -> str:
    """«tirsdag 24. november 2026»."""
    return _day(as_date(value), get_language())


@lru_cache(DAYS_KEPT)
def _day(date: dt.date, _language: str | None) -> str:
    return date_format(date, f"l {get_format('DATE_FORMAT')}")


def long_date(value: dt.date) -> str:
    """«24. november 2026»."""
    return date_format(as_date(value), get_format("DATE_FORMAT"))


def day_month(value: dt.date) -> str:
    """«24. november», where the year is plain."""
    return date_format(as_date(value), get_format("MONTH_DAY_FORMAT"))


def short_date(value: dt.date) -> str:
    """«24.11.2026», for tables; «24 Nov 2026» in English."""
    return date_format(as_date(value), get_format("SHORT_DATE_FORMAT"))


def clock(value: dt.datetime | dt.time) -> str:
    """«09.00»; «09:00» in English.

    A moment in the hour that clocks show twice says which of them it is: «02.30 (normaltid)».
    """
    if not isinstance(value, dt.datetime):
        return time_format(value)
    here = local(value)
    words = time_format(here.timetz())
    first, second = (here.replace(fold=fold).utcoffset() or dt.timedelta() for fold in (0, 1))
    if first <= second:
        return words
    season = _("sommertid") if here.dst() else _("normaltid")
    return f"{words} ({season})"


def moment(value: dt.datetime) -> str:
    """«tirsdag 24. november 2026 kl. 09.00»."""
    return _("%(day)s kl. %(time)s") % {"day": day(value), "time": clock(value)}


def short_moment(value: dt.datetime) -> str:
    """«24.11.2026 kl. 09.00», for tables."""
    return _("%(day)s kl. %(time)s") % {"day": short_date(value), "time": clock(value)}


def short_span(start: dt.datetime, end: dt.datetime) -> str:
    """«24.11.2026 kl. 09.00–15.30», for tables; both days are named when they differ."""
    if as_date(start) == as_date(end):
        return _within_a_day(short_date(start), start, end)
    return f"{short_moment(start)} – {short_moment(end)}"


def span(start: dt.datetime, end: dt.datetime) -> str:
    """«tirsdag 24. november 2026 kl. 09.00–15.30»; both days are named when they differ.

    From midnight to midnight is whole days: the last midnight is the end of the day before it.
    """
    if _is_midnight(start) and _is_midnight(end) and start < end:
        first, last = as_date(start), as_date(end) - dt.timedelta(days=1)
        days = day(first) if first == last else f"{day(first)} – {day(last)}"
        return _("%(days)s, hele dagen") % {"days": days}
    if as_date(start) == as_date(end):
        return _within_a_day(day(start), start, end)
    return f"{moment(start)} – {moment(end)}"


def _within_a_day(words: str, start: dt.datetime, end: dt.datetime) -> str:
    """«kl.» stands before one time and before two; English has «at» before one alone."""
    values = {"day": words, "start": clock(start), "end": clock(end)}
    return _("%(day)s kl. %(start)s–%(end)s") % values


def with_whole_times(words: str) -> str:
    """Return the words with no line break between «kl.» and the time, or within «09.00–15.30»."""
    return _WITHIN_RANGE.sub("\u2060–\u2060", _BEFORE_TIME.sub("\u00a0", words))


def _is_midnight(value: dt.datetime) -> bool:
    return local(value).time() == dt.time.min


def week(value: dt.date) -> str:
    """«uke 48», by ISO 8601: the week that holds the year's first Thursday is week 1."""
    return _("uke %(number)s") % {"number": as_date(value).isocalendar().week}


def weekday(value: dt.date) -> str:
    """«tirsdag»."""
    return date_format(as_date(value), "l")


def month(value: dt.date) -> str:
    """«november 2026»."""
    return date_format(as_date(value), get_format("YEAR_MONTH_FORMAT"))
