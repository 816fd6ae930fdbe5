"""When a letter of a kind goes out: each room says it of its own letters, with the reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from common.working_time import WORKING_DAY, before_working_time, next_working_moment

NEAR = 2 * WORKING_DAY
"""Working time before something takes place from which news about it does not wait."""


class SendingTime(Enum):
    AT_ONCE = auto()
    """Somebody waits for it, or it warns."""
    AT_WORK = auto()
    """In working time; to whoever has caused it themselves at once, as their receipt."""
    UNLESS_NEAR = auto()
    """As AT_WORK, and at once to everybody when what it is about is near."""


@dataclass(frozen=True)
class Near:
    """From when news about something is pressing, and until when it is any news."""

    begins: dt.datetime
    ends: dt.datetime


def near(starts_at: dt.datetime, ends_at: dt.datetime) -> Near:
    """Return the time in which news about what takes place then does not wait for work."""
    return Near(before_working_time(starts_at, NEAR), ends_at)


def goes_at(
    time: SendingTime, now: dt.datetime, *, is_own: bool = False, when: Near | None = None
) -> dt.datetime:
    """Return when a letter written now is sent; `is_own` to whoever has caused it themselves."""
    if time is SendingTime.AT_ONCE or is_own:
        return now
    moment = next_working_moment(now)
    if time is SendingTime.UNLESS_NEAR and when is not None:
        is_pressing = moment >= when.begins and now < when.ends
        return now if is_pressing else moment
    return moment
