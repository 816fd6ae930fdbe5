"""Taking back a refusal: the line manager's own mistake, or put right by the organiser."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refused
from people import audit
from people.models import User
from seminars import letters
from seminars.models import Answer, Needs, Registration
from seminars.refusals import Full, NotChangeable
from seminars.registration_window import closed_to_all
from seminars.seats.allocation import allocate_seat, lock_seminar
from seminars.seats.free_seats import free_seats
from seminars.seats.offer_period import moves_up
from seminars.seats.withdrawal import registration_in


@transaction.atomic
def restore_declined(*, registration: Registration, by: User, now: dt.datetime) -> Registration:
    """Give the person the seat after all, from when they first came for it, while one is free.

    Answers, needs and choices of sessions come along. The person is told that the refusal is taken
    back, and gets the confirmation with its calendar parts. Whoever waited has been given the seat
    meanwhile, and keeps it: raises Full then. Raises NotChangeable when it was not declined or the
    person has registered or withdrawn since, AlreadyRegistered, NotOpen, SessionIsFull,
    SeatsAreBusy.
    """
    seminar = lock_seminar(registration.seminar_id)
    declined = registration_in(seminar, registration)
    refusal = closed_to_restoring(declined, now)
    if refusal is not None:
        raise refusal
    letters.restored(declined, by=by)
    try:
        restored = allocate_seat(
            seminar=seminar,
            user=declined.user,
            by=by,
            now=now,
            may_wait=False,
            choices={choice.group_id: choice.session_id for choice in declined.choices.all()},
            queued_at=declined.queued_at,
        )
    except Full as full:
        raise _is_given() from full
    Answer.objects.filter(registration=declined).update(registration=restored)
    Needs.objects.filter(registration=declined).update(registration=restored)
    audit.record(
        "seminars.restore_declined",
        restored,
        by=by,
        on_behalf_of=restored.user,
        declined=declined.pk,
    )
    return restored


def closed_to_restoring(declined: Registration, now: dt.datetime) -> Refused | None:
    """What stops the refusal from being taken back: page and action ask the same."""
    if not declined.is_declined:
        return NotChangeable(_("Påmeldingen er ikke avslått."))
    later = declined.seminar.registrations.filter(user=declined.user, pk__gt=declined.pk)
    if later.exists():
        return NotChangeable(_("Personen har meldt seg på eller av igjen siden."))
    refusal = closed_to_all(declined.seminar, now)
    if refusal is None and not _has_seat_for(declined, now):
        return _is_given()
    return refusal


def _has_seat_for(declined: Registration, now: dt.datetime) -> bool:
    """Whether one is left when those who move up by themselves have had theirs."""
    seminar = declined.seminar
    free = free_seats(seminar, now)
    if free.has_overdue:
        return True  # as it ends, somebody's seat may be free
    if free.waiting and seminar.promotes_by_itself and moves_up(seminar, now):
        waiting = Registration.objects.waiting().filter(seminar=seminar)
        for agency_id in waiting.values_list("agency", flat=True):
            free.take(agency_id)
    return free.left_for(declined.agency_id) > 0


def _is_given() -> Full:
    return Full(_("Plassen er gitt til en annen. Personen kan melde seg på igjen."))
