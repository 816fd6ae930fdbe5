"""What a new seminar begins with, until the organiser says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

FRIDAY = 4


def suggested(now: dt.datetime) -> dict[str, Any]:
    """Return the editor's first values: open from now, in six weeks from nine to half past three.

    Whoever waits is given a seat that comes free, and no offer of it that would end by itself.
    On a Saturday or Sunday the Monday after is meant.
    """
    day = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    start = (day + dt.timedelta(weeks=6)).replace(hour=9)
    start += dt.timedelta(days=7 - start.weekday() if start.weekday() > FRIDAY else 0)
    session = {"starts_at": start, "ends_at": start.replace(hour=15, minute=30)}
    seminar = {
        "capacity": 30,
        "registration_opens_at": day,
        "registration_closes_at": start - dt.timedelta(days=7),
        "offers_expire_after": None,
    }
    return {"seminar": seminar, "sessions": [session], "programme": [], "speakers": []}
