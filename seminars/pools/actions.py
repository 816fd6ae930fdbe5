"""Holding seats for an agency, and letting go of what it has not used."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from common.numbers import number
from people import audit
from people.models import Unit, User
from seminars.editing_window import closed_to_pools
from seminars.models import SeatPool, Seminar
from seminars.refusals import IsDone, NotChangeable, PoolDoesNotFit, SeatsAreBusy
from seminars.seats.allocation import fill_free_seats, lock_seminar
from seminars.seats.free_seats import free_seats
from seminars.seminar_content import PoolContent


@transaction.atomic
def reserve_seats(
    *,
    seminar: Seminar,
    agency: Unit,
    seats: int,
    release_at: dt.datetime | None,
    by: User,
    now: dt.datetime,
    seen: Seen | None = None,
) -> SeatPool:
    """Hold so many seats for the agency, or change how many are held.

    Seats its people had before stay open ones. Who waits gets what becomes free, for all or for
    the agency. Raises EditConflict when another has saved what was not `seen`, PoolDoesNotFit when
    the hall has not so many left or the agency has used more, NotChangeable, SeatsAreBusy.
    """
    seminar = lock_seminar(seminar.pk)
    _refuse_unless_open(seminar, now)
    pool = SeatPool.objects.with_use().filter(seminar=seminar, agency=agency).first()
    if seen is not None:
        typed = PoolContent(seats, release_at)
        seen.within(agency.pk).refuse_conflict(PoolContent.of(pool).state(), typed.state())
    _refuse_unless_it_fits(seminar, pool, seats, now)
    if pool is None:
        pool = SeatPool(seminar=seminar, agency=agency)
    pool.seats, pool.release_at, pool.released_at = seats, release_at, None
    pool.save()
    audit.record("seminars.reserve_seats", pool, by=by, agency=agency.pk, seats=seats)
    fill_free_seats(seminar=seminar, by=by, now=now)
    return pool


@transaction.atomic
def release_pool(*, pool: SeatPool, by: User | None, now: dt.datetime) -> SeatPool:
    """Open what the agency has not used to all; its people keep theirs.

    Who waits is given the seats. `by` is None when the date did it. A pool that is released
    already is left as it is. Raises SeatsAreBusy.
    """
    seminar = lock_seminar(pool.seminar_id)
    own = seminar.seat_pools.with_use().filter(pk=pool.pk).first()
    if own is None:
        raise NotChangeable(_("Plassene er ikke holdt av i dette seminaret."))
    pool = own
    if not pool.is_live:
        return pool
    left, pool.released_at = pool.left, now
    pool.save(update_fields=["released_at"])
    audit.record("seminars.release_seats", pool, by=by, agency=pool.agency_id, seats=left)
    fill_free_seats(seminar=seminar, by=by, now=now)
    return pool


def closed_to_releasing(pool: SeatPool, now: dt.datetime) -> NotChangeable | None:
    """What makes a release pointless; the action then leaves the pool as it is."""
    if not pool.is_live:
        return IsDone(_("Plassene er allerede frigitt og åpne for alle."))
    return closed_to_pools(pool.seminar, now)


def release_due_pools(*, now: dt.datetime) -> int:
    """The sweep: release each pool whose date has come. Returns how many."""
    released = 0
    for pool in SeatPool.objects.due(now).order_by("release_at", "pk"):
        try:
            release_pool(pool=pool, by=None, now=now)
        except SeatsAreBusy:
            continue  # the next round does it
        released += 1
    return released


def _refuse_unless_open(seminar: Seminar, now: dt.datetime) -> None:
    refusal = closed_to_pools(seminar, now)
    if refusal is not None:
        raise refusal


def _refuse_unless_it_fits(
    seminar: Seminar, pool: SeatPool | None, seats: int, now: dt.datetime
) -> None:
    used = pool.used if pool else 0
    if seats < used:
        raise PoolDoesNotFit(
            _("Virksomheten har brukt %(used)s plasser. Du kan ikke holde av færre enn det.")
            % {"used": number(used)}
        )
    held = pool.seats if pool and pool.is_live else used
    most = max(held + free_seats(seminar, now).open_left, 0)
    if seats > most:
        raise PoolDoesNotFit(
            _("Salen har plass til %(most)s for denne virksomheten, utenom det andre har.")
            % {"most": number(most)}
        )
