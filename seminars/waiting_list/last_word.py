"""The last word to whoever waits to the end, and to the organiser who still has seats to give."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from people import audit
from seminars import letters
from seminars.models import Registration, RegistrationState, Seminar
from seminars.organisers import organisers_of
from seminars.refusals import SeatsAreBusy
from seminars.seats.allocation import lock_seminar
from seminars.seats.offer_period import moves_up

TOLD_AFTER = dt.timedelta(days=14)
"""So long after a seminar its last word is caught up; after that it would only be silly."""


def end_waiting_lists(*, now: dt.datetime) -> int:
    """Tell who waits that nobody moves up any more, and when it is over, end their waiting.

    One letter each at the last moment for moving up, and the list to the organisers, who may still
    let somebody in until the seminar is over. Then their state is final, and figures of the past
    have nobody in them who waits. A transaction a seminar; those that are settled have nobody who
    waits and are not looked at again. Returns how many were told.
    """
    waited_for = Registration.objects.waiting().order_by().values("seminar")
    held = Seminar.objects.published().filter(pk__in=waited_for)
    told = 0
    for seminar in held:
        if not moves_up(seminar, now):
            try:
                told += _end_waiting_list(seminar, now)
            except SeatsAreBusy:
                continue  # the next round does it
    return told


@transaction.atomic
def _end_waiting_list(seminar: Seminar, now: dt.datetime) -> int:
    untold = _untold(seminar, now)
    if not untold and not seminar.has_ended(now):
        return 0  # without the lock: this is asked every few minutes until the seminar is over
    seminar = lock_seminar(seminar.pk)
    if not seminar.is_published or moves_up(seminar, now):
        return 0
    told = _tell(seminar, _untold(seminar, now), now)
    if seminar.has_ended(now):
        _end_waiting(seminar, now)
    return told


def _untold(seminar: Seminar, now: dt.datetime) -> list[Registration]:
    if now > seminar.ends_at + TOLD_AFTER:
        return []
    waiting = list(seminar.registrations.waiting().select_related("user", "agency"))
    return letters.without_last_word(seminar, waiting)


def _tell(seminar: Seminar, untold: list[Registration], now: dt.datetime) -> int:
    if not untold:
        return 0
    for registration in untold:
        registration.seminar = seminar
        letters.not_seated(registration, now=now)
    for organiser in organisers_of(seminar, timezone.localdate(now)):
        letters.waiting_list_ended(seminar, untold, to=organiser, now=now)
    audit.record("seminars.end_waiting_list", seminar, by=None, told=len(untold))
    return len(untold)


def _end_waiting(seminar: Seminar, now: dt.datetime) -> None:
    ended = seminar.registrations.waiting().update(
        state=RegistrationState.UNSEATED, withdrawn_at=now
    )
    if ended:
        audit.record("seminars.close_waiting_list", seminar, by=None, ended=ended)
