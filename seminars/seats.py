"""Counting seats: how many are free, and for whom. Nothing is a counter, all is rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Q

from seminars.models import Registration, SeatPool, Seminar


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


def free_seats(seminar: Seminar, now: dt.datetime) -> FreeSeats:
    overdue = Count("pk", filter=Q(state="offered", expires_at__lte=now))
    rows = Registration.objects.holding_seat().filter(seminar=seminar).order_by().values("pool")
    held = {
        row["pool"]: (row["held"], row["late"])
        for row in rows.annotate(held=Count("pk"), late=overdue)
    }
    pools: dict[int | None, tuple[int, int]] = {
        agency: (pool, seats - held.get(pool, (0, 0))[0])
        for pool, agency, seats in SeatPool.objects.live()
        .filter(seminar=seminar)
        .order_by()
        .values_list("pk", "agency", "seats")
    }
    taken = sum(count for count, _late in held.values())
    reserved = sum(left for _pool, left in pools.values())
    return FreeSeats(
        open_left=seminar.capacity - taken - reserved,
        pools=pools,
        has_overdue=any(late for _count, late in held.values()),
    )
