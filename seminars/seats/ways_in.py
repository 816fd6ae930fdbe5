"""Getting in: by oneself, by one's own, or by the organiser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refused
from people.models import User
from people.rules import is_line_manager_of
from seminars import rules
from seminars.eligibility import welcome_of
from seminars.models import Registration, Seminar
from seminars.refusals import NotForThem
from seminars.registration_window import closed_to_leaders
from seminars.seats.allocation import allocate_seat
from seminars.seats.session_placement import Choices


def register_for_seminar(
    *, seminar: Seminar, by: User, now: dt.datetime, choices: Choices | None = None
) -> Registration:
    """Register oneself, in the time of registration: a seat, or the waiting list.

    Sends what `allocate_seat` sends, and raises what it raises; NotOpen outside the time, and
    NotForThem for those the seminar is not for.
    """
    door = _door_for(seminar, by, now)
    return allocate_seat(
        seminar=seminar,
        user=by,
        by=by,
        now=now,
        door=door,
        choices=choices,
        asks_manager=True,
    )


def register_staff(
    *, seminar: Seminar, user: User, by: User, now: dt.datetime, choices: Choices | None = None
) -> Registration:
    """A line manager or an agency's coordinator registers one of their own.

    The door is that of the person who is to come: their audience, and the time of registration. A
    line manager approves by registering; when a coordinator does it, the manager is asked.
    Sends what `allocate_seat` sends, and raises what it raises; NotOpen, and NotForThem also for
    people who are neither's.
    """
    today = timezone.localdate(now)
    if not rules.may_bring_in(by, user, today):
        raise NotForThem(_("Du kan bare melde på dine egne ansatte."))
    door = _door_for(seminar, user, now)
    return allocate_seat(
        seminar=seminar,
        user=user,
        by=by,
        now=now,
        door=door,
        choices=choices,
        asks_manager=not is_line_manager_of(by, user, today),
    )


def _door_for(
    seminar: Seminar, user: User, now: dt.datetime
) -> Callable[[Seminar, dt.datetime], Refused | None]:
    """Who belongs is asked before the lock; the times are read under it."""
    welcome = welcome_of(seminar, user, on=timezone.localdate(now))

    def door(fresh: Seminar, at: dt.datetime) -> Refused | None:
        return closed_to_leaders(fresh, at, welcome)

    return door


def register_on_behalf(
    *, seminar: Seminar, user: User, by: User, now: dt.datetime, choices: Choices | None = None
) -> Registration:
    """The organiser brings somebody in, also before the opening and after the closing date.

    Takes no seat past the queue: a full seminar puts the person on the waiting list. Sends what
    `allocate_seat` sends, and raises what it raises; NotOpen when the seminar is not held.
    """
    return allocate_seat(seminar=seminar, user=user, by=by, now=now, choices=choices)


def given_in_words(registration: Registration) -> str:
    """For whoever gave a seat by hand: with a place for the name."""
    if registration.is_offered:
        return _("%(name)s har fått tilbud om plassen.")
    return outcome_in_words(registration)


def outcome_in_words(registration: Registration) -> str:
    """For whoever registered another: with a place for the name."""
    if registration.has_seat:
        return _("%(name)s er påmeldt.")
    if registration.is_awaiting:
        return _("%(name)s har en plass som venter på godkjenning fra nærmeste leder.")
    return _("%(name)s står på ventelisten, for alle plassene er tatt.")
