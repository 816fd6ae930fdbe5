"""How many seats are free to one person: list and page ask the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from people.models import User
from seminars.models import SeatPool, Seminar
from seminars.seats.snapshots import snapshot_of


def seats_left_for(user: User, seminars: Collection[Seminar], now: dt.datetime) -> dict[int, int]:
    """Return by seminar, read `with_seat_counts`: those open to all, and the own agency's.

    Asks for agencies only where seats are held for any.
    """
    holding = [one.pk for one in seminars if one.seats_reserved]
    own: dict[int, int] = {}
    if holding:
        agency_id = snapshot_of(user, on=timezone.localdate(now)).agency_id
        pools = SeatPool.objects.live().filter(seminar__in=holding, agency=agency_id)
        own = {pool.seminar_id: max(pool.seats - pool.used, 0) for pool in pools.with_use()}
    return {one.pk: one.seats_left + own.get(one.pk, 0) for one in seminars}


def leads_to_queue(seminar: Seminar, left: int) -> bool:
    """Whether registering now would lead to the waiting list, as far as a page can know.

    Where seats are held for agencies, others may wait while one of theirs is free.
    """
    return left == 0 or (seminar.waiting_count > 0 and not seminar.seats_reserved)
