"""The days on which a seminar's people meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from common.dates import as_date

if TYPE_CHECKING:
    from seminars.models.session import Session


@dataclass(frozen=True, slots=True)
class Gathering:
    """The sessions of one day. Nobody comes or goes between them as far as seats are concerned."""

    sessions: tuple[Session, ...]

    @property
    def starts_at(self) -> dt.datetime:
        return self.sessions[0].starts_at

    @property
    def ends_at(self) -> dt.datetime:
        return max(session.ends_at for session in self.sessions)


def last_gathering_at(starts: Iterable[dt.datetime]) -> dt.datetime:
    """Return when the last day begins, of sessions that start at these times.

    The trigger that keeps a seminar's times says the same of stored ones.
    """
    moments = sorted(starts)
    return next(one for one in moments if as_date(one) == as_date(moments[-1]))


def gatherings_of(sessions: Iterable[Session]) -> list[Gathering]:
    """Return the sessions by the day in Oslo on which they start, in their order.

    Of one person's own sessions these are the days that person comes.
    """
    in_order = sorted(sessions, key=lambda one: (one.starts_at, one.pk))
    by_day = groupby(in_order, key=lambda one: as_date(one.starts_at))
    return [Gathering(tuple(of_day)) for _day, of_day in by_day]
