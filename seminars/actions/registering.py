"""Getting in: by oneself, or by the organiser."""

from __future__ import annotations

import datetime as dt

from people.models import User
from seminars.actions.seats import allocate_seat
from seminars.models import Registration, Seminar
from seminars.refusals import closed_to_leaders


def register_for_seminar(*, seminar: Seminar, by: User, now: dt.datetime) -> Registration:
    """Register oneself, in the time of registration: a seat, or the waiting list.

    Sends what `allocate_seat` sends, and raises what it raises; NotOpen outside the time.
    """
    return allocate_seat(seminar=seminar, user=by, by=by, now=now, door=closed_to_leaders)


def register_on_behalf(*, seminar: Seminar, user: User, by: User, now: dt.datetime) -> Registration:
    """The organiser brings somebody in, also before the opening and after the closing date.

    Takes no seat past the queue: a full seminar puts her on the waiting list. Sends what
    `allocate_seat` sends, and raises what it raises; NotOpen when the seminar is not held.
    """
    return allocate_seat(seminar=seminar, user=user, by=by, now=now)
