"""Seats by agency, as the organiser follows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from seminars.models import HOLDS_SEAT, IN_QUEUE, Seminar


@dataclass(frozen=True, slots=True)
class AgencySeats:
    name: str | None
    """None for people who worked in no agency when they registered."""
    taken: int
    held: int
    """Of the pool's seats, those that nobody has yet."""
    waiting: int

    @property
    def width(self) -> int:
        return self.taken + self.held


def seats_by_agency(seminar: Seminar) -> list[AgencySeats]:
    """The largest first; two queries, whatever the number of agencies."""
    people = {
        row["agency"]: row
        for row in seminar.registrations.order_by()
        .values("agency", "agency__name")
        .annotate(
            taken=Count("pk", filter=Q(state__in=HOLDS_SEAT)),
            waiting=Count("pk", filter=Q(state__in=IN_QUEUE)),
        )
        .filter(Q(taken__gt=0) | Q(waiting__gt=0))
    }
    held: dict[int | None, tuple[str, int]] = {
        pool.agency_id: (pool.agency.name, max(pool.seats - pool.used, 0))
        for pool in seminar.seat_pools.live().with_use()
    }
    rows = [
        AgencySeats(row["agency__name"], row["taken"], held.get(pk, ("", 0))[1], row["waiting"])
        for pk, row in people.items()
    ]
    rows += [AgencySeats(name, 0, left, 0) for pk, (name, left) in held.items() if pk not in people]
    return sorted(rows, key=lambda row: (-row.taken, -row.held, -row.waiting, row.name or ""))
