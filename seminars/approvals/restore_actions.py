"""Taking back a refusal: the line manager's own mistake, or put right by the organiser."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars import letters
from seminars.models import Answer, Needs, Registration
from seminars.refusals import Full, NotChangeable
from seminars.seats.allocation import allocate_seat, lock_seminar
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
    _refuse_unless_last(declined)
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
        raise Full(_("Plassen er gitt til en annen. Personen kan melde seg på igjen.")) from full
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


def _refuse_unless_last(declined: Registration) -> None:
    if not declined.is_declined:
        raise NotChangeable(_("Påmeldingen er ikke avslått."))
    later = declined.seminar.registrations.filter(user=declined.user, pk__gt=declined.pk)
    if later.exists():
        raise NotChangeable(_("Personen har meldt seg på eller av igjen siden."))
