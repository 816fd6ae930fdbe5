"""Changing the order of a queue, which needs a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refused
from people import audit
from people.models import User
from seminars.models import Registration, Seminar
from seminars.refusals import NotChangeable
from seminars.seats.queue_limits import closed_to_giving
from seminars.seats.withdrawal import locked_registration


@transaction.atomic
def move_in_queue(
    *, registration: Registration, place: int, reason: str, by: User, now: dt.datetime
) -> Registration:
    """Put somebody at another place of the waiting list, counted from 1.

    The queue's times are dealt out anew in the new order, so that nobody outside it is passed. The
    reason stands in the audit record. Raises NotChangeable when the person no longer waits or the
    queue is not served any more, NotRegistered, SeatsAreBusy.
    """
    registration = locked_registration(registration)
    refusal = closed_to_moving(registration, now)
    if refusal is not None:
        raise refusal
    queue = list(Registration.objects.waiting().filter(seminar=registration.seminar))
    before = queue.index(registration) + 1
    place = min(max(place, 1), len(queue))
    queue.insert(place - 1, queue.pop(before - 1))
    _deal_out_times(queue)
    audit.record(
        "seminars.move_in_queue",
        registration,
        by=by,
        on_behalf_of=registration.user,
        reason=reason,
        was=before,
        place=place,
    )
    return registration


def closed_to_moving(registration: Registration, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from moving somebody: page and action ask the same."""
    if not registration.is_waiting:
        return NotChangeable(_("Personen står ikke lenger på ventelisten."))
    return closed_queue(registration.seminar, now)


def closed_to_giving_to(registration: Registration, now: dt.datetime) -> Refused | None:
    """What stops the organiser from giving this person a free seat: page and action ask it."""
    if not registration.is_waiting:
        return NotChangeable(_("Personen står ikke lenger på ventelisten."))
    return closed_to_giving(registration.seminar, now)


def closed_queue(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What makes the order of a queue no matter any more."""
    if seminar.is_published and seminar.takes_newcomers(now):
        return None
    return NotChangeable(
        _("Det deles ikke ut flere plasser, så rekkefølgen betyr ikke noe lenger.")
    )


def _deal_out_times(queue: list[Registration]) -> None:
    times = sorted(waiting.queued_at for waiting in queue)
    for number in range(1, len(times)):
        times[number] = max(times[number], times[number - 1] + dt.timedelta(microseconds=1))
    for waiting, queued_at in zip(queue, times, strict=True):
        waiting.queued_at = queued_at
    Registration.objects.bulk_update(queue, ["queued_at"], batch_size=500)
