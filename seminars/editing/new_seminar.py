"""What a new seminar begins with, until the organiser says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from common.working_time import DAY, working_day_from, working_day_until

STARTS, ENDS = dt.time(9), dt.time(15, 30)
LAST_PROMOTION = dt.time(12)


def suggested(now: dt.datetime) -> dict[str, Any]:
    """Return the editor's first values: open from now, in six weeks from nine to half past three.

    Whoever waits is given a seat that comes free, and no offer of it that would end by itself. The
    last moves up at noon on the working day before: everybody can still plan the next one.
    On a day of rest the next working day is meant.
    """
    opens = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    day = working_day_from(opens.date() + dt.timedelta(weeks=6))
    eve = working_day_until(day - DAY)
    start = dt.datetime.combine(day, STARTS, opens.tzinfo)
    session = {"starts_at": start, "ends_at": start.replace(hour=ENDS.hour, minute=ENDS.minute)}
    seminar = {
        "capacity": 30,
        "registration_opens_at": opens,
        "registration_closes_at": start - dt.timedelta(days=7),
        "promotion_ends_at": dt.datetime.combine(eve, LAST_PROMOTION, opens.tzinfo),
        "offers_expire_after": None,
    }
    return {"seminar": seminar, "sessions": [session], "programme": [], "speakers": []}
