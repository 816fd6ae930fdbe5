"""Counting seats: how many are free, and for whom. Nothing is a counter, all is rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from common.compiled import CompiledQuery, given_key, given_moment
from seminars.models import SeatPool, Seminar, SeminarQuerySet


@dataclass(frozen=True, slots=True)
class Seat:
    """One to give: of an agency's pool, or open."""

    pool_id: int | None


@dataclass(slots=True)
class FreeSeats:
    """What may be given away, and what is set aside; only worth something under the lock."""

    open_left: int
    pools: dict[int | None, tuple[int, int]] = field(default_factory=dict)
    """By agency: the pool that is still held for it, and how many of its seats are free."""
    has_overdue: bool = False
    waiting: int = 1
    next_release_at: dt.datetime | None = None
    """When the first of the pools with seats left is released, where one is to be."""

    def take(self, agency_id: int | None) -> Seat | None:
        """The agency's own seats go first, so that the open ones last for the others."""
        pool, left = self.pools.get(agency_id, (0, 0))
        if left > 0:
            self.pools[agency_id] = (pool, left - 1)
            return Seat(pool)
        if self.open_left > 0:
            self.open_left -= 1
            return Seat(None)
        return None

    def left_for(self, agency_id: int | None) -> int:
        return max(self.open_left, 0) + self.pools.get(agency_id, (0, 0))[1]

    def agencies_with_seats(self) -> list[int | None]:
        return [agency for agency, (_pool, left) in self.pools.items() if left > 0]


_TAKEN: CompiledQuery[Seminar] = CompiledQuery(
    lambda: taken(given_key("seminar"), given_moment("now"))
)


def free_seats(seminar: Seminar, now: dt.datetime) -> FreeSeats:
    return seats_counted(seminar, _TAKEN.first(seminar=seminar.pk, now=now))


def taken(seminar: Any, now: Any) -> SeminarQuerySet:
    """The seminar's row with what `seats_counted` goes by."""
    rows: SeminarQuerySet = (
        Seminar.objects.filter(pk=seminar)
        .only("pk")
        .with_seat_counts()
        .with_overdue_count(now)
        .annotate(has_pools=Exists(SeatPool.objects.live().filter(seminar=OuterRef("pk"))))
    )
    return rows


def seats_counted(seminar: Seminar, counted: Any) -> FreeSeats:
    pools_now = SeatPool.objects.live().filter(seminar=seminar).with_use()
    live = list(pools_now) if counted.has_pools else []
    pools: dict[int | None, tuple[int, int]] = {
        pool.agency_id: (pool.pk, pool.seats - pool.used) for pool in live
    }
    releases = [one.release_at for one in live if one.release_at and one.seats > one.used]
    reserved = sum(left for _pool, left in pools.values())
    return FreeSeats(
        open_left=seminar.capacity - counted.seats_taken - reserved,
        pools=pools,
        has_overdue=counted.overdue_count > 0,
        waiting=counted.waiting_count,
        next_release_at=min(releases, default=None),
    )
