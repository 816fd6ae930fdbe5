"""What stands in one cell of a staff file: days, answers of yes and no, and a value's kind.

A value that cannot be read is told by its kind and never by itself: columns that have been shifted
put a name, or a national identity number, where a day should be.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django.utils.translation import gettext as _

from common.numbers import number

YES = frozenset({"ja", "j", "x", "1", "true", "yes", "y", "sann", "leder"})
NO = frozenset({"nei", "n", "0", "false", "no", "usann"})

FIRST_YEAR = 1900
NO_END_YEAR = 2099
"""An end that is none is written as the last day a system knows: 31.12.2099, 31.12.9999."""
NO_END_DAYS = frozenset({dt.date(2079, 6, 6)})
"""The last day of SQL Server's smalldatetime."""
LATEST_SHORT_YEAR = 69
"""Of a year in two digits: 00–69 are of this century, 70–99 of the last."""
NO_DAYS = frozenset({"00.00.0000", "0000-00-00", "00000000", "0", "01.01.0001", "0001-01-01"})
"""What systems write for a day that is not filled in."""
SERIAL_BEGIN = dt.date(1899, 12, 30)
SERIALS = range(15_000, 73_415)
"""The days of 1941 to 2100 as spreadsheets count them."""
SERIAL_NO_END = 2_958_465

_TIME = r"(?:[T ]\d\d?[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d\d?)-(\d\d?){_TIME}")
_WRITTEN = re.compile(rf"(\d\d?)([./-])(\d\d?)\2(\d{{4}}|\d\d){_TIME}")
_COMPACT = re.compile(r"((?:19|20|21|99)\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"(\d{5}|2958465)(?:[.,]\d+)?")
_IDENTITY_NUMBER = re.compile(r"\d{6} ?\d{5}")
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_ADDED_TO_MONTH = (0, 40, 65, 80)
"""Help numbers and made-up ones are told by their month."""
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)

ISO, WRITTEN, SHORT, COMPACT, SERIAL = (
    "2026-11-24", "24.11.2026", "24.11.26", "20261124", "46350",
)  # fmt: skip
"""The ways a day is written, each by one day in it."""


@lru_cache(20_000)
def read_day(value: str, *, month_first: bool = False) -> tuple[dt.date | None, str]:
    """Return the day and the way it is written, or neither."""
    if found := _ISO.fullmatch(value):
        year, month, day = map(int, found.groups())
        return _day(year, month, day), ISO
    if found := _WRITTEN.fullmatch(value):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (second, first) if month_first else (first, second)
        if len(found[4]) == 2:
            return _day(year + (2000 if year <= LATEST_SHORT_YEAR else 1900), month, day), SHORT
        return _day(year, month, day), WRITTEN
    if found := _COMPACT.fullmatch(value):
        return _day(*map(int, found.groups())), COMPACT
    if found := _SERIAL.fullmatch(value):
        count = int(found[1])
        if count in SERIALS or count == SERIAL_NO_END:
            return SERIAL_BEGIN + dt.timedelta(days=count), SERIAL
    return None, ""


def _day(year: int, month: int, day: int) -> dt.date | None:
    if year < FIRST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def is_no_end(day: dt.date, written: str) -> bool:
    """Whether a last day stands for none at all; 31.12.99 is of this century, as an end."""
    if written == SHORT and (day.year, day.month, day.day) == (1999, 12, 31):
        return True
    return day.year >= NO_END_YEAR or day in NO_END_DAYS


def is_identity_number(value: str) -> bool:
    """Whether it is a Norwegian fødselsnummer, D-number or the like, by its two control digits."""
    if not _IDENTITY_NUMBER.fullmatch(value):
        return False
    digits = [int(sign) for sign in value if sign != " "]
    day, month = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]
    if not 1 <= day % 40 <= 31 or not any(1 <= month - more <= 12 for more in _ADDED_TO_MONTH):
        return False
    first = sum(a * b for a, b in zip(digits, _FIRST_WEIGHTS, strict=False)) % 11
    second = sum(a * b for a, b in zip(digits, _SECOND_WEIGHTS, strict=True)) % 11
    return first == 0 and second == 0


def looks_like_day(value: str) -> bool:
    return bool(_ISO.fullmatch(value) or _WRITTEN.fullmatch(value))


def kind_of(value: str) -> str:
    """Return in words what kind of value it is, without a sign of the value itself."""
    if is_identity_number(value):
        return _("fødselsnummer")
    if looks_like_day(value):
        return _("dato")
    count = {"count": number(len(value))}
    if value.isdecimal():
        return _("tall på %(count)s tegn") % count
    if "@" in value:
        return _("tekst med @ på %(count)s tegn") % count
    return _("tekst på %(count)s tegn") % count
