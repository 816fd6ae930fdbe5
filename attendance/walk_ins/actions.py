"""Giving a seat to somebody who has come."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from attendance.marking.actions import mark_attendance
from common.errors import Refused
from people.models import User
from seminars.models import Registration, Seminar
from seminars.refusals import NotOpen
from seminars.registration_window import closed_to_all
from seminars.seats.active_registration import active_registration
from seminars.seats.allocation import allocate_seat, give_seat
from seminars.seats.session_placement import Choices


def register_walk_in(
    *, seminar: Seminar, user: User, by: User, now: dt.datetime, choices: Choices | None = None
) -> Registration:
    """The organiser lets somebody in at the door, who is written down as attended.

    Sends and raises what `give_seat_at_the_door` does.
    """
    with transaction.atomic():
        registration = give_seat_at_the_door(
            seminar=seminar, user=user, by=by, now=now, choices=choices
        )
        mark_attendance(
            seminar=registration.seminar, marks={registration.pk: "attended"}, by=by, now=now
        )
    return registration


@transaction.atomic
def give_seat_at_the_door(
    *, seminar: Seminar, user: User, by: User, now: dt.datetime, choices: Choices | None = None
) -> Registration:
    """Give a seat to somebody who has come, while there is one.

    There is nothing to wait for any more, and whoever waited, or had an offer, comes in as well as
    a stranger does. Sends what `allocate_seat` or `give_seat` sends, and raises what these raise;
    NotOpen when no gathering is going on.
    """
    present = active_registration(seminar, user)
    if present is None:
        return allocate_seat(
            seminar=seminar,
            user=user,
            by=by,
            now=now,
            door=_door_in_the_hall,
            may_wait=False,
            choices=choices,
        )
    return give_seat(
        registration=present,
        by=by,
        now=now,
        door=_door_in_the_hall,
        is_here=True,
        choices=choices,
    )


def _door_in_the_hall(seminar: Seminar, now: dt.datetime) -> Refused | None:
    refusal = closed_to_all(seminar, now)
    if refusal is not None or seminar.is_held_now(now):
        return refusal
    if seminar.has_started(now):
        return NotOpen(_("Ingen samling er i gang nå."))
    return NotOpen(_("Seminaret har ikke startet ennå."))
