"""Seats by agency, as the organiser follows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from people.models import Unit
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
    """The largest first; three queries, whatever the number of agencies and of people."""
    taken, waiting, used = Counter[int | None](), Counter[int | None](), Counter[int | None]()
    for agency, pool, state, count in _counted(seminar):
        if state in HOLDS_SEAT:
            taken[agency] += count
            used[pool] += count
        elif state in IN_QUEUE:
            waiting[agency] += count
    pools = seminar.seat_pools.live().order_by().values_list("pk", "agency", "seats")
    held: dict[int | None, int] = {
        agency: max(seats - used[pool], 0) for pool, agency, seats in pools
    }
    agencies = set(taken) | set(waiting) | set(held)
    named = Unit.objects.filter(pk__in=[pk for pk in agencies if pk]).order_by()
    names: dict[int | None, str] = dict(named.values_list("pk", "name"))
    rows = [AgencySeats(names.get(pk), taken[pk], held.get(pk, 0), waiting[pk]) for pk in agencies]
    return sorted(rows, key=lambda row: (-row.taken, -row.held, -row.waiting, row.name or ""))


def _counted(seminar: Seminar) -> Iterable[tuple[int | None, int | None, str, int]]:
    """By agency, pool and state; read from an index alone."""
    rows = seminar.registrations.order_by().values_list("agency", "pool", "state")
    counted: Iterable[tuple[int | None, int | None, str, int]] = rows.annotate(count=Count("*"))
    return counted
