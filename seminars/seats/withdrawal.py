"""Getting out: by oneself, or by the organiser. The seat goes to whoever waits."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars import calendar, letters
from seminars.calendar import SessionPart
from seminars.models import Registration, RegistrationState, Seminar
from seminars.refusals import NotChangeable, NotRegistered
from seminars.registration_window import closed_to_leaving
from seminars.seats.allocation import fill_free_seats, lock_seminar


@transaction.atomic
def withdraw_registration(
    *, registration: Registration, by: User, now: dt.datetime
) -> Registration:
    """Withdraw from the seminar or its waiting list.

    Sends a letter, with CANCEL to the calendar if there was a seat, and gives the seat to the first
    in the queue. Between two gatherings it is from those to come. Raises NotRegistered when it is
    over already, NotChangeable when the last gathering has begun or the seminar is cancelled,
    SeatsAreBusy.
    """
    registration = registration_to_end(registration, now)
    parts = end_registration(registration, RegistrationState.WITHDRAWN, now=now)
    audit.record("seminars.withdraw", registration, by=by)
    letters.withdrawn(registration, parts, by=by)
    fill_free_seats(seminar=registration.seminar, by=by, now=now)
    return registration


@transaction.atomic
def remove_participant(
    *, registration: Registration, by: User, reason: str, now: dt.datetime
) -> Registration:
    """The organiser takes somebody off the list; the person is told why.

    Otherwise as `withdraw_registration`, and raises the same.
    """
    registration = registration_to_end(registration, now)
    parts = end_registration(registration, RegistrationState.REMOVED, now=now)
    audit.record("seminars.remove", registration, by=by, on_behalf_of=registration.user)
    letters.removed(registration, parts, reason=reason)
    fill_free_seats(seminar=registration.seminar, by=by, now=now)
    return registration


def locked_registration(registration: Registration) -> Registration:
    """Read again under the seminar's lock: it may have ended, or got a seat, since the page."""
    seminar = lock_seminar(registration.seminar_id)
    fresh = registration_in(seminar, registration)
    if not fresh.is_active:
        raise _is_over()
    return fresh


def registration_to_end(registration: Registration, now: dt.datetime) -> Registration:
    """As `locked_registration`, while it can be ended. Raises what `closed_to_ending` says."""
    fresh = locked_registration(registration)
    refusal = closed_to_ending(fresh, now)
    if refusal is not None:
        raise refusal
    return fresh


def registration_in(seminar: Seminar, registration: Registration) -> Registration:
    """Return the locked seminar's own registration as it is now. Raises NotRegistered if none."""
    fresh: Registration | None = (
        seminar.registrations.select_related("user").filter(pk=registration.pk).first()
    )
    if fresh is None:
        raise NotRegistered(_("Påmeldingen hører ikke til dette seminaret."))
    fresh.seminar = seminar
    return fresh


def closed_to_ending(
    registration: Registration, now: dt.datetime
) -> NotRegistered | NotChangeable | None:
    """What stops anybody from ending it: page and action ask the same."""
    if not registration.is_active:
        return _is_over()
    return closed_to_leaving(registration.seminar, now)


def closed_to_handing_over(
    registration: Registration, now: dt.datetime
) -> NotRegistered | NotChangeable | None:
    """What stops somebody else from coming instead."""
    refusal = closed_to_ending(registration, now)
    if refusal is None and not registration.has_seat:
        return NotChangeable(_("Bare den som har plass, kan la en annen komme i stedet."))
    return refusal


def _is_over() -> NotRegistered:
    return NotRegistered(_("Påmeldingen er allerede avsluttet."))


def end_registration(
    registration: Registration, state: RegistrationState, *, now: dt.datetime
) -> list[SessionPart]:
    """The row's new state, and what the person's calendar is to forget.

    `now` was read before the wait for the lock, and a seat that was given meanwhile was given
    before it ended.
    """
    had_seat = registration.has_seat
    registration.state = state
    registration.withdrawn_at = max(now, registration.confirmed_at or now)
    registration.expires_at = None
    registration.calendar_sequence += 1
    registration.save(update_fields=["state", "withdrawn_at", "expires_at", "calendar_sequence"])
    letters.take_back_questions(registration, now=now)
    if not had_seat:
        return []
    return calendar.cancellations(registration, registration.sessions_to_come(now), now=now)
