"""Answering an offer of a seat."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common import dates
from people import audit
from people.models import User
from seminars import letters
from seminars.models import Registration, RegistrationState
from seminars.refusals import AlreadyRegistered, NotChangeable, OfferIsOver
from seminars.seats.allocation import fill_free_seats, lock_seminar
from seminars.seats.confirmation import confirm_or_ask, tell_of_seat
from seminars.seats.withdrawal import end_registration, registration_in


def accept_offer(*, registration: Registration, by: User, now: dt.datetime) -> Registration:
    """Take the seat that was held. Sends the confirmation with its calendar parts.

    A line manager who has to approve is asked now, and the seat is held on.

    An offer whose time is up ends here and now, and its seat goes to the next: whoever asks in the
    same second gets the same answer as a minute later. Raises OfferIsOver then, and when it was
    declined; AlreadyRegistered at the second press of the button; NotChangeable, SeatsAreBusy.
    """
    with transaction.atomic():
        fresh = _under_the_lock(registration)
        if not _is_late(fresh, now):
            return _accept(fresh, by=by, now=now)
        expired_at = fresh.expires_at
        fill_free_seats(seminar=fresh.seminar, by=None, now=now)
    assert expired_at is not None  # noqa: S101
    raise OfferIsOver(_("Tilbudet gikk ut %(when)s.") % {"when": dates.moment(expired_at)})


@transaction.atomic
def decline_offer(*, registration: Registration, by: User, now: dt.datetime) -> Registration:
    """Give the seat away; it goes to the next in the queue. Sends a letter that says so.

    Raises OfferIsOver, AlreadyRegistered when it was taken, NotChangeable, SeatsAreBusy.
    """
    fresh = _under_the_lock(registration)
    parts = end_registration(fresh, RegistrationState.WITHDRAWN, now=now)
    audit.record("seminars.decline_offer", fresh, by=by)
    letters.withdrawn(fresh, parts, by=by)
    fill_free_seats(seminar=fresh.seminar, by=by, now=now)
    return fresh


def _under_the_lock(registration: Registration) -> Registration:
    seminar = lock_seminar(registration.seminar_id)
    fresh = registration_in(seminar, registration)
    if fresh.has_seat or fresh.is_awaiting:
        raise AlreadyRegistered(_("Du har allerede plassen."), fresh)
    if not fresh.is_offered:
        raise OfferIsOver(_("Tilbudet er ikke lenger ditt: det er besvart, eller tiden gikk ut."))
    if seminar.is_cancelled:
        raise NotChangeable(_("Seminaret er avlyst."))
    return fresh


def _is_late(registration: Registration, now: dt.datetime) -> bool:
    return registration.expires_at is not None and registration.expires_at <= now


def _accept(registration: Registration, *, by: User, now: dt.datetime) -> Registration:
    confirm_or_ask(registration, now=now)
    registration.save(update_fields=["state", "confirmed_at", "expires_at", "approver"])
    audit.record("seminars.accept_offer", registration, by=by)
    tell_of_seat(registration, now, by=by)
    return registration
