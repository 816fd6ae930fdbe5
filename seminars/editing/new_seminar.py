"""What a new seminar begins with, until the organiser says otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from common.dates import OSLO, local
from common.working_time import DAY, working_day_from, working_day_until
from seminars.forms.fields import AS_TYPED

STARTS, ENDS = dt.time(9), dt.time(15)
LAST_PROMOTION = dt.time(12)
CLOSES_BEFORE = dt.timedelta(days=7)


def suggested(now: dt.datetime) -> dict[str, Any]:
    """Return the editor's first values: open from now, in six weeks from nine to three.

    On a day of rest the next working day is meant. Whoever waits is given a seat that comes free,
    and no offer of it that would end by itself. What follows from the start is left to
    `closing_date` and `last_promotion`, once it is known.
    """
    opens = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    day = working_day_from(opens.date() + dt.timedelta(weeks=6))
    start = dt.datetime.combine(day, STARTS, opens.tzinfo)
    session = {"starts_at": start, "ends_at": start.replace(hour=ENDS.hour, minute=ENDS.minute)}
    seminar = {"capacity": 30, "registration_opens_at": opens, "offers_expire_after": None}
    return {"seminar": seminar, "sessions": [session], "programme": [], "speakers": []}


def closing_date(
    starts_at: dt.datetime, *, opens_at: dt.datetime, promotion_ends_at: dt.datetime | None
) -> dt.datetime:
    """Return until when one may register for a seminar that starts then.

    A week before; where it opens later than that, noon on the working day before, or else the
    start. Never after the last who waits has moved up.
    """
    choices = (starts_at - CLOSES_BEFORE, _noon_before(starts_at), starts_at)
    closes_at = next((one for one in choices if one > opens_at), starts_at)
    return closes_at if promotion_ends_at is None else min(closes_at, promotion_ends_at)


def last_promotion(starts_at: dt.datetime, *, closes_at: dt.datetime) -> dt.datetime:
    """Return when the last who waits moves up: at noon on the working day before the start, when
    everybody can still plan the next one, but not before registration closes."""
    return max(closes_at, _noon_before(starts_at))


def with_end_on_the_day(data: QueryDict, begun: Mapping[str, dt.datetime]) -> QueryDict:
    """Return what was typed of a new seminar, its end on the day it was moved to.

    For an end that stands as it was suggested (`begun`) while the start does not: whoever moves the
    one means the other too. At the same time of the day, or after as long as was suggested.
    """
    start, end = (data.get(f"sessions-0-{name}", "") for name in ("starts_at", "ends_at"))
    try:
        starts_at = dt.datetime.fromisoformat(start)
    except ValueError:
        return data
    was = {name: local(moment).replace(tzinfo=None) for name, moment in begun.items()}
    if end != f"{was['ends_at']:{AS_TYPED}}" or starts_at.tzinfo or starts_at == was["starts_at"]:
        return data
    ends_at = dt.datetime.combine(starts_at.date(), was["ends_at"].time())
    if ends_at <= starts_at:
        ends_at = starts_at + (was["ends_at"] - was["starts_at"])
    moved = data.copy()
    moved["sessions-0-ends_at"] = f"{ends_at:{AS_TYPED}}"
    return moved


def _noon_before(starts_at: dt.datetime) -> dt.datetime:
    eve = working_day_until(local(starts_at).date() - DAY)
    return dt.datetime.combine(eve, LAST_PROMOTION, OSLO)
