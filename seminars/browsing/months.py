"""A month as people see it on a wall: whole weeks from Monday, each with its ISO number."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from common.dates import OSLO, as_date
from seminars.models import Seminar, Session

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Entry:
    """A seminar on a day; without a time on the days that a session goes on."""

    seminar: Seminar
    starts_at: dt.datetime | None


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
    def read(cls, text: str, *, today: dt.date) -> Month:
        """«2026-11»; the month of today for anything else."""
        try:
            first = dt.date.fromisoformat(f"{text}-01")
        except ValueError:
            first = today.replace(day=1)
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            first = today.replace(day=1)
        return cls(first)

    @property
    def previous(self) -> str:
        return f"{self.first - dt.timedelta(days=1):%Y-%m}"

    @property
    def next(self) -> str:
        return f"{self.first + dt.timedelta(days=31):%Y-%m}"

    def days(self) -> list[dt.date]:
        return list(calendar.Calendar().itermonthdates(self.first.year, self.first.month))

    def limits(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment shown, and the first moment after, on a clock in Oslo."""
        days = self.days()
        midnight = dt.time(tzinfo=OSLO)
        return (
            dt.datetime.combine(days[0], midnight),
            dt.datetime.combine(days[-1] + dt.timedelta(days=1), midnight),
        )

    def weeks(self, seminars: Iterable[Seminar], *, today: dt.date) -> list[list[Day]]:
        """A seminar stands on the days of its sessions, and not on those between."""
        on_day: dict[dt.date, list[Entry]] = defaultdict(list)
        for seminar in seminars:
            for session in seminar.sessions.all():
                for date in _dates(session):
                    is_first = date == as_date(session.starts_at)
                    on_day[date].append(Entry(seminar, session.starts_at if is_first else None))
        days = [
            Day(date, date.month == self.first.month, date == today, on_day[date])
            for date in self.days()
        ]
        return [days[start : start + 7] for start in range(0, len(days), 7)]


def _dates(session: Session) -> list[dt.date]:
    first, last = as_date(session.starts_at), as_date(session.ends_at)
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
