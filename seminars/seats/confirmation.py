"""A seat that is free becomes certain, or is held until the line manager has answered.

Everybody who is given a seat comes past here: from `allocate_seat`, from the waiting list, with an
offer, and instead of another.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars import calendar, letters
from seminars.models import ApprovalDefault, Registration, RegistrationState, Seminar
from seminars.refusals import NotOpen
from seminars.seats.approver import approver_of
from seminars.seats.offer_period import approval_ends_at, can_be_approved


def confirm_or_ask(registration: Registration, *, now: dt.datetime) -> None:
    """Write on the row, not yet saved, that the seat is theirs, or whom it waits for until when.

    Nobody is asked twice for the same person, nor for whoever has no line manager. Raises NotOpen
    when the line manager would not have the shortest time there is to answer: a seat is not
    approved by there being no time to ask.
    """
    registration.expires_at = None
    approver, seminar = None, registration.seminar
    if seminar.approval_days is not None and registration.approved_at is None:
        approver = approver_of(registration, now)
    if approver is None:
        registration.state = RegistrationState.REGISTERED
        registration.confirmed_at = now
        return
    if not can_be_approved(seminar, now):
        raise NotOpen(
            _(
                "Nærmeste leder må godkjenne, og det er for kort tid igjen til å svare. "
                "Be lederen melde på i stedet. Da er det godkjent."
            )
        )
    registration.state = RegistrationState.AWAITING
    registration.approver = approver
    registration.expires_at = approval_ends_at(seminar, now)


def tell_of_seat(
    registration: Registration, now: dt.datetime, *, by: User | None, is_promoted: bool = False
) -> None:
    """The confirmation with its calendar parts; or two letters, and nothing for the calendar.

    `by` is whoever did what the seat came of: to themselves it is a receipt, and goes at once.
    """
    if not registration.has_seat:
        letters.awaiting(registration, by=by)
        letters.approval_wanted(registration)
        return
    parts = calendar.requests(registration, registration.sessions_to_come(now), now=now)
    tell = letters.promoted if is_promoted else letters.confirmed
    tell(registration, parts, by=by)


def approve(registration: Registration, *, by: User | None, now: dt.datetime) -> None:
    """Under the seminar's lock. `by` is None when the deadline did it."""
    registration.state = RegistrationState.REGISTERED
    registration.confirmed_at = registration.approved_at = now
    registration.expires_at = None
    registration.save(update_fields=["state", "confirmed_at", "approved_at", "expires_at"])
    audit.record("seminars.approve", registration, by=by, on_behalf_of=registration.user)
    letters.take_back_questions(registration, now=now)
    tell_of_seat(registration, now, by=by)


def decline(registration: Registration, *, by: User | None, reason: str, now: dt.datetime) -> None:
    """Under the seminar's lock; the caller gives the seat away. What was written is not audited."""
    registration.state = RegistrationState.DECLINED
    registration.withdrawn_at = now
    registration.expires_at = None
    registration.calendar_sequence += 1
    registration.save(update_fields=["state", "withdrawn_at", "expires_at", "calendar_sequence"])
    audit.record("seminars.decline_approval", registration, by=by, on_behalf_of=registration.user)
    letters.take_back_questions(registration, now=now)
    letters.not_approved(registration, by=by, reason=reason)


def settle_unanswered(registration: Registration, *, now: dt.datetime) -> None:
    """The deadline has passed, and the seminar says what that means."""
    if registration.seminar.approval_default == ApprovalDefault.APPROVE:
        approve(registration, by=None, now=now)
    else:
        decline(registration, by=None, reason="", now=now)


def approve_everybody(seminar: Seminar, *, by: User, now: dt.datetime) -> None:
    """The seminar asks no more, so nobody has to wait."""
    for registration in seminar.registrations.filter(state=RegistrationState.AWAITING):
        registration.seminar = seminar
        approve(registration, by=by, now=now)
