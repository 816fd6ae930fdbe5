"""A month as people see it on a wall: whole weeks from Monday, each with its ISO number."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import dates
from common.dates import OSLO, as_date, last_date
from seminars.browsing.calendar_marks import CalendarMark
from seminars.models import Gathering, Seminar, SeminarQuerySet, Session, gatherings_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Entry:
    """A seminar on a day on which it is held: when, and how it stands with whoever reads."""

    seminar: Seminar
    hours: str
    mark: CalendarMark | None


@dataclass(frozen=True, slots=True)
class Day:
    date: dt.date
    is_in_month: bool
    is_today: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Month:
    """The first of a month stands for it."""

    first: dt.date

    @classmethod
    def of(cls, date: dt.date) -> Month:
        return cls(date.replace(day=1))

    @classmethod
    def read(cls, text: str) -> Month | None:
        """Return the month of «2026-11», and None for anything else."""
        try:
            first = dt.date.fromisoformat(f"{text}-01")
        except ValueError:
            return None
        return cls(first) if FIRST_YEAR <= first.year <= LAST_YEAR else None

    @property
    def key(self) -> str:
        """«2026-11», as an address has it."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> Month:
        return Month.of(self.first - dt.timedelta(days=1))

    @property
    def next(self) -> Month:
        return Month.of(self.first + dt.timedelta(days=31))

    def days(self) -> list[dt.date]:
        return list(calendar.Calendar().itermonthdates(self.first.year, self.first.month))

    def limits(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment shown, and the first moment after, on a clock in Oslo."""
        days = self.days()
        return midnight(days[0]), midnight(days[-1] + dt.timedelta(days=1))

    def weeks(
        self,
        seminars: Iterable[Seminar],
        marks: Mapping[int, CalendarMark | None],
        *,
        today: dt.date,
    ) -> list[list[Day]]:
        """A seminar stands once on each day its people meet, and not on the days between."""
        on_day: dict[dt.date, list[Entry]] = defaultdict(list)
        for seminar in seminars:
            for gathering in gatherings_of(seminar.sessions.all()):
                for date in _dates(gathering):
                    entry = Entry(seminar, hours_on(date, gathering), marks[seminar.pk])
                    on_day[date].append(entry)
        days = [
            Day(date, date.month == self.first.month, date == today, on_day[date])
            for date in self.days()
        ]
        return [days[start : start + 7] for start in range(0, len(days), 7)]


@dataclass(frozen=True, slots=True)
class EmptyMonths:
    """Months in which nothing is held, or nothing any more, and the next in which something is."""

    first: Month
    last: Month
    then: Month | None
    are_past: bool

    @property
    def words(self) -> str:
        first, last = dates.month(self.first.first), dates.month(self.last.first)
        if self.first != self.last:
            words = _("Ingen seminarer fra %(first)s til og med %(last)s.")
            return words % {"first": first, "last": last}
        if self.are_past:
            return _("Ingen seminarer i %(month)s.") % {"month": first}
        return _("Ingen kommende seminarer i %(month)s.") % {"month": first}


def next_month_with_seminars(seminars: SeminarQuerySet, since: dt.date) -> Month | None:
    """Return the first month, from that day's on, in which one of these is held on it or later."""
    moment = midnight(since)
    sessions = Session.objects.filter(seminar__in=seminars, ends_at__gt=moment)
    starts_at = sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
    return None if starts_at is None else Month.of(as_date(max(starts_at, moment)))


def empty_months(first: Month, seminars: SeminarQuerySet, *, today: dt.date) -> EmptyMonths | None:
    """Return the months from `first` on in which none of these is held; None where one is.

    Of the month that goes on, what is over counts no more.
    """
    are_past = first.first < Month.of(today).first
    then = next_month_with_seminars(seminars, first.first if are_past else max(first.first, today))
    if then == first:
        return None
    return EmptyMonths(first, then.previous if then else first, then, are_past)


def midnight(date: dt.date) -> dt.datetime:
    """On a clock in Oslo."""
    return dt.datetime.combine(date, dt.time(tzinfo=OSLO))


def hours_on(date: dt.date, gathering: Gathering) -> str:
    """«09.00–15.30»; of what goes on overnight, the part of it that falls on the day."""
    starts = max(gathering.starts_at, midnight(date))
    ends_at, day_after = gathering.ends_at, midnight(date + dt.timedelta(days=1))
    if starts == midnight(date) and ends_at >= day_after:
        return _("Hele dagen")
    if ends_at > day_after:
        return _("Fra %(time)s") % {"time": dates.clock(starts)}
    if gathering.starts_at < starts:
        return _("Til %(time)s") % {"time": dates.clock(ends_at)}
    return f"{dates.clock(starts)}–{dates.clock(ends_at)}"


def _dates(gathering: Gathering) -> list[dt.date]:
    """What ends at midnight is not held on the day that then begins."""
    first, last = as_date(gathering.starts_at), last_date(gathering.ends_at)
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
