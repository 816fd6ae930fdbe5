"""When each item of a programme is over, which nobody types: it is told by what comes after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common import dates
from common.dates import as_date
from seminars.models import ProgrammeItem, Session


@dataclass(frozen=True, slots=True)
class TimedItem:
    item: ProgrammeItem
    ends_at: dt.datetime | None
    """None where nothing says when it is over."""

    @property
    def starts_on(self) -> dt.date:
        return self.item.starts_on

    @property
    def hours(self) -> str:
        """«09.00–09.45»."""
        starts = dates.clock(self.item.starts_at)
        hours = starts if self.ends_at is None else f"{starts}–{dates.clock(self.ends_at)}"
        return dates.with_whole_times(hours)


def with_ends(items: Iterable[ProgrammeItem], sessions: Iterable[Session]) -> list[TimedItem]:
    """Return the items in the order of time, each until the next or until its session is over.

    Items that start together go on beside each other.
    """
    in_order = sorted(items, key=lambda one: (one.starts_at, one.pk))
    sessions = list(sessions)
    return [TimedItem(one, _ends_at(one, in_order, sessions)) for one in in_order]


def _ends_at(
    item: ProgrammeItem, items: Sequence[ProgrammeItem], sessions: Sequence[Session]
) -> dt.datetime | None:
    """What is outside every session, as the coffee before it, goes on until something begins."""
    later = [one.starts_at for one in items if one.starts_at > item.starts_at]
    around = [one.ends_at for one in sessions if one.starts_at <= item.starts_at < one.ends_at]
    if around:
        return min([max(around), *later])
    later += [one.starts_at for one in sessions if one.starts_at > item.starts_at]
    return min((one for one in later if as_date(one) == item.starts_on), default=None)
