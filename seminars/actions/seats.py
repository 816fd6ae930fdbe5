"""Giving seats: one way in, and one way up from the waiting list.

Why a lock on the seminar's row and a count of rows, and no counter, stands in
docs/adr/seats-under-a-row-lock.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from common.errors import Refused
from people import audit
from people.models import User
from seminars import calendar, letters
from seminars.models import Registration, RegistrationState, Seminar
from seminars.refusals import SeatsAreBusy, already_registered, closed_to_all
from seminars.snapshots import snapshot_of

LOCK_TIMEOUT = "3s"
"""Longer than any of our transactions takes, shorter than a person's patience."""


Door = Callable[[Seminar, dt.datetime], Refused | None]
"""What keeps this way in closed now, or None."""


def lock_seminar(pk: int) -> Seminar:
    """The seminar as it is now, held for the rest of the transaction.

    Whoever gives or frees a seat takes this lock first. FOR NO KEY UPDATE, as the trigger on
    registrations takes it: a plain FOR UPDATE waits for every new row that refers to the seminar,
    and two such transactions then wait for each other.

    Raises SeatsAreBusy when others hold it for 3 seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        seminar: Seminar = Seminar.objects.select_for_update(no_key=True).get(pk=pk)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise SeatsAreBusy(
                _("Det er stor pågang akkurat nå. Ingenting er endret; prøv igjen om litt.")
            ) from error
        raise
    return seminar


@transaction.atomic
def allocate_seat(
    *,
    seminar: Seminar,
    user: User,
    by: User,
    now: dt.datetime,
    door: Door = closed_to_all,
) -> Registration:
    """Give the person a seat, or the last place on the waiting list when there is none.

    Every way in ends here, each with its own `door`, asked under the lock. A free seat goes to
    those who already wait before it goes to a newcomer. Writes the letter that says which it was,
    with a calendar part for a seat and none for the waiting list (RFC 5546 has no «perhaps»).

    Raises AlreadyRegistered when the person is in, whatever the door says; what the door says; and
    SeatsAreBusy when the lock is not to be had.
    """
    # Asked before the lock, which others wait for.
    snapshot = snapshot_of(user, on=timezone.localdate(now))
    seminar = lock_seminar(seminar.pk)
    _refuse_second_or_closed(seminar, user, by=by, now=now, door=door)
    free = seats_left(seminar)
    free -= len(_give(free, seminar, by=by, now=now))
    registration = Registration.objects.create(
        seminar=seminar,
        user=user,
        registered_by=by,
        created_at=now,
        **_place(seminar, has_seat=free > 0, now=now),
        **snapshot.as_fields(),
    )
    other = None if by == user else user
    audit.record(
        "seminars.register", registration, by=by, on_behalf_of=other, state=registration.state
    )
    _tell_newcomer(registration, now)
    return registration


def _refuse_second_or_closed(
    seminar: Seminar, user: User, *, by: User, now: dt.datetime, door: Door
) -> None:
    present = Registration.objects.active().filter(seminar=seminar, user=user).first()
    if present is not None:
        raise already_registered(present, by=by)
    refusal = door(seminar, now)
    if refusal is not None:
        raise refusal


def seats_left(seminar: Seminar) -> int:
    """Counted from the rows; only worth something under the seminar's lock."""
    return seminar.capacity - Registration.objects.holding_seat().filter(seminar=seminar).count()


def _place(seminar: Seminar, *, has_seat: bool, now: dt.datetime) -> dict[str, Any]:
    """A seat, or the end of the queue."""
    if has_seat:
        return {"state": RegistrationState.REGISTERED, "queued_at": now, "confirmed_at": now}
    return {"state": RegistrationState.WAITLISTED, "queued_at": _behind_the_last(seminar, now)}


def _behind_the_last(seminar: Seminar, now: dt.datetime) -> dt.datetime:
    """`now`, or a moment after the last in the queue.

    `now` was read before the wait for the lock, and whoever got the lock first has been told her
    place: nobody may come in before her afterwards.
    """
    last = Registration.objects.waiting().filter(seminar=seminar).last()
    return now if last is None else max(now, last.queued_at + dt.timedelta(microseconds=1))


def _tell_newcomer(registration: Registration, now: dt.datetime) -> None:
    seminar = registration.seminar
    if registration.has_seat:
        parts = calendar.requests(registration, seminar.sessions.all(), now=now)
        letters.confirmed(registration, parts)
    else:
        place = Registration.objects.waiting().filter(seminar=seminar).count()
        letters.waiting(registration, place=place)


@transaction.atomic
def fill_free_seats(*, seminar: Seminar, by: User | None, now: dt.datetime) -> list[Registration]:
    """Give every free seat to whoever has waited longest. Called from every release of a seat.

    Each gets a letter with a calendar part, and an audit record; `by` is who freed the seat, or
    None when the portal found it itself. Does nothing when the seminar has begun or is not held,
    or when there is nobody to give to. Takes the seminar's lock when the caller has not.

    Raises SeatsAreBusy.
    """
    seminar = lock_seminar(seminar.pk)
    if closed_to_all(seminar, now):
        return []
    return _give(seats_left(seminar), seminar, by=by, now=now)


def _give(free: int, seminar: Seminar, *, by: User | None, now: dt.datetime) -> list[Registration]:
    if free <= 0 or seminar.has_started(now):
        return []
    queue = Registration.objects.waiting().filter(seminar=seminar).select_related("user")
    return [_promote(waiting, seminar, by=by, now=now) for waiting in queue[:free]]


def _promote(
    registration: Registration, seminar: Seminar, *, by: User | None, now: dt.datetime
) -> Registration:
    registration.seminar = seminar
    registration.state = RegistrationState.REGISTERED
    registration.confirmed_at = now
    registration.save(update_fields=["state", "confirmed_at"])
    audit.record("seminars.promote", registration, by=by, on_behalf_of=registration.user)
    parts = calendar.requests(registration, seminar.sessions.all(), now=now)
    letters.promoted(registration, parts)
    return registration


def reconcile_waiting_lists(*, now: dt.datetime) -> int:
    """Find free seats with somebody waiting for them, as after a change made past the code.

    A transaction a seminar, so that a busy one holds up none of the others. Returns how many
    people got a seat.
    """
    waiting_for = Registration.objects.waiting().order_by().values("seminar")
    stalled = Seminar.objects.published().upcoming(now).filter(pk__in=waiting_for)
    promoted = 0
    for seminar in stalled.with_free_seats():
        try:
            promoted += len(fill_free_seats(seminar=seminar, by=None, now=now))
        except SeatsAreBusy:
            continue  # whoever holds the lock fills the seats, or the next round does
    return promoted
