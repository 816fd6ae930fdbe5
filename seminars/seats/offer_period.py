"""Until when a seat is held for the next in the queue; how long at most the organiser says."""

from __future__ import annotations

import datetime as dt

from seminars.models import Seminar

SHORTEST = dt.timedelta(hours=1)
ROUNDS = 4
"""Near the closing date so many people can still be asked, one after the other."""


def offer_ends_at(seminar: Seminar, now: dt.datetime) -> dt.datetime | None:
    """When an offer made now expires; None where the seat is given without asking.

    That is so when the seminar makes no offers, and when there is not an hour left before
    registration closes: whoever waits then has said all along that they want to come.
    """
    if seminar.offers_expire_after is None:
        return None
    left = seminar.registration_closes_at - now
    wanted = dt.timedelta(hours=seminar.offers_expire_after)
    length = max(SHORTEST, min(wanted, left / ROUNDS))
    return None if length > left else now + length
