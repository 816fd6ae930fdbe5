"""Until when somebody may answer, and until when others move up from the waiting list.

Times to answer count working hours (`common/working_time.py`) towards the start of the seminar, or
the last gathering where people may still join: they drop out long after the closing date. Why
nobody is ever given less than SHORTEST stands in docs/adr/0033-time-to-answer.md.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common import dates
from common.working_time import (
    WORKING_DAY,
    after_working_time,
    before_working_time,
    working_time_between,
)
from seminars.models import Seminar
from seminars.refusals import NotOpen

SHORTEST = dt.timedelta(hours=4)
"""Working time that whoever is asked has at the least, unless the organiser has set less."""
ROUNDS = 4
"""Near the start so many people can still be asked, one after the other."""


def offer_ends_at(seminar: Seminar, now: dt.datetime) -> dt.datetime | None:
    """Return when an offer made now expires; None where the seminar gives seats without asking.

    Whoever takes it in its last second leaves a line manager who must approve the time to answer.
    Only for a seminar that still `moves_up`: after that there is no time to promise.
    """
    if seminar.offers_expire_after is None:
        return None
    return _time_to_answer(now, _wanted_for_offer(seminar), towards=_offers_end_by(seminar))


def approval_ends_at(seminar: Seminar, now: dt.datetime) -> dt.datetime | None:
    """Return until when a line manager who is asked now may answer; None where nobody is asked.

    Before people meet next, while that leaves the shortest time; else before the last they may
    come to.
    """
    if seminar.approval_days is None:
        return None
    nearest = seminar.next_gathering_at(now)
    is_near = nearest is None or now > before_working_time(nearest, SHORTEST)
    towards = seminar.joining_ends_at if is_near or nearest is None else nearest
    return _time_to_answer(now, _wanted_for_approval(seminar), towards=towards)


def can_be_approved(seminar: Seminar, now: dt.datetime) -> bool:
    """Whether a line manager who is asked now has the shortest time there is to answer."""
    return seminar.approval_days is None or now <= _approvals_begin_by(seminar)


def promotions_end_at(seminar: Seminar) -> dt.datetime:
    """Return the last moment at which somebody moves up from the waiting list by themselves.

    What the organiser has said, but never so late that whoever is asked, and their line manager
    after them, have less than the shortest time to answer; at the latest when nobody new may come
    in any more (`joining_ends_at`).
    """
    latest = _offers_end_by(seminar)
    if seminar.offers_expire_after is not None:
        shortest = min(SHORTEST, _wanted_for_offer(seminar))
        latest = before_working_time(latest, shortest)
    said = seminar.promotion_ends_at
    return latest if said is None else min(said, latest)


def moves_up(seminar: Seminar, now: dt.datetime) -> bool:
    """Whether a seat that is free now goes to whoever has waited longest."""
    return seminar.takes_newcomers(now) and now <= promotions_end_at(seminar)


def closed_to_queue(seminar: Seminar, now: dt.datetime) -> NotOpen | None:
    """Return what stops a person from a place in the queue that would lead nowhere, or None."""
    if moves_up(seminar, now):
        return None
    when = dates.moment(promotions_end_at(seminar))
    return NotOpen(
        _(
            "Siste opprykk fra ventelisten var %(when)s. "
            "Plasser som blir ledige nå, er det arrangøren som deler ut."
        )
        % {"when": when}
    )


def _time_to_answer(now: dt.datetime, wanted: dt.timedelta, *, towards: dt.datetime) -> dt.datetime:
    """Near the end a quarter of the working time that is left, so that others can still come."""
    left = working_time_between(now, towards)
    length = max(min(SHORTEST, wanted), min(wanted, left / ROUNDS))
    return after_working_time(now, length)


def _wanted_for_offer(seminar: Seminar) -> dt.timedelta:
    return dt.timedelta(hours=seminar.offers_expire_after or 0)


def _wanted_for_approval(seminar: Seminar) -> dt.timedelta:
    return (seminar.approval_days or 0) * WORKING_DAY


def _offers_end_by(seminar: Seminar) -> dt.datetime:
    """When nobody new comes in any more, or where a line manager must approve, while there is time
    to ask them."""
    if seminar.approval_days is None:
        return seminar.joining_ends_at
    return _approvals_begin_by(seminar)


def _approvals_begin_by(seminar: Seminar) -> dt.datetime:
    return before_working_time(seminar.joining_ends_at, SHORTEST)
