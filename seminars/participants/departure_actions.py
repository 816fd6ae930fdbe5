"""Giving up the places of those who no longer work in the municipality."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from people import audit
from people.models import User
from seminars import letters
from seminars.models import Registration, RegistrationQuerySet, RegistrationState, Seminar
from seminars.organisers import organisers_of
from seminars.refusals import SeatsAreBusy
from seminars.seats.allocation import fill_free_seats, lock_seminar
from seminars.seats.withdrawal import end_registration

HELD_FOR = dt.timedelta(days=2)
"""So long a person is left alone who is missing in HR's file: a file that lacked them by mistake is
mended by the next night's, whatever hour it comes."""


def withdraw_departed(*, now: dt.datetime) -> int:
    """Withdraw those who have left from the seminars to come; answers with how many.

    Their seats go to the first in the queue. The organisers, and the line managers who approved or
    are asked to, get one letter a seminar. The person gets none: there is no mailbox, and no
    sign-in. A transaction a seminar, so that a busy one holds up none of the others; the next round
    finds what is left.
    """
    seminars = _of_departed(now).order_by().values("seminar")
    withdrawn = 0
    for seminar in Seminar.objects.filter(pk__in=seminars):
        try:
            withdrawn += len(_withdraw_from(seminar, now=now))
        except SeatsAreBusy:
            continue
    return withdrawn


def _of_departed(now: dt.datetime) -> RegistrationQuerySet:
    today = timezone.localdate(now)
    left = User.objects.get_queryset().who_left(before=today - HELD_FOR, today=today)
    coming = Seminar.objects.published().filter(starts_at__gt=now)
    found: RegistrationQuerySet = Registration.objects.active().filter(
        user__in=left, seminar__in=coming
    )
    return found


@transaction.atomic
def _withdraw_from(seminar: Seminar, *, now: dt.datetime) -> list[Registration]:
    """Asked again under the lock: another round, or HR's file, may have been there meanwhile."""
    seminar = lock_seminar(seminar.pk)
    found = _of_departed(now).filter(seminar=seminar).select_related("user", "approver")
    departed = list(found.order_by("pk"))
    for registration in departed:
        registration.seminar = seminar
        end_registration(registration, RegistrationState.WITHDRAWN, now=now)
        audit.record(
            "seminars.withdraw",
            registration,
            by=None,
            on_behalf_of=registration.user,
            cause="left",
        )
    if departed:
        for organiser in organisers_of(seminar, timezone.localdate(now)):
            letters.departed(seminar, departed, to=organiser)
        _tell_line_managers(seminar, departed)
        fill_free_seats(seminar=seminar, by=None, now=now)
    return departed


def _tell_line_managers(seminar: Seminar, departed: list[Registration]) -> None:
    """Those who approved, or are asked to, hear that nothing is left of it; one letter each."""
    asked: defaultdict[User, list[Registration]] = defaultdict(list)
    for registration in departed:
        if registration.approver is not None and registration.approver.is_active:
            asked[registration.approver].append(registration)
    for line_manager, registrations in asked.items():
        letters.departed_from_line(seminar, registrations, to=line_manager)
