"""Everybody who is in or waits, a page at a time, without sorting them all for it."""

from __future__ import annotations

from seminars.models import Seminar


class WholeList:
    """The keys of the active registrations `in_list_order`, as a paginator slices them.

    Those with a seat come by name and the queue in its order. Asked for one group at a time each
    order is that of an index, so that the first page of a hundred thousand costs what the first
    of a hundred does; sorted together, everybody is read to show a hundred. Only the page where
    one group ends and the other begins is sorted so.
    """

    def __init__(self, seminar: Seminar) -> None:
        """Of a seminar read `with_seat_counts`."""
        self.seats, self.waiting = seminar.seats_taken, seminar.waiting_count
        self.registrations = seminar.registrations

    def __len__(self) -> int:
        return self.seats + self.waiting

    def __getitem__(self, part: slice) -> list[int]:
        start, stop = part.start or 0, len(self) if part.stop is None else part.stop
        rows = self.registrations.active().in_list_order()
        if stop <= self.seats:
            rows = self.registrations.holding_seat().order_by("user__sort_key", "pk")
        elif start >= self.seats:
            rows = self.registrations.waiting()
            start, stop = start - self.seats, stop - self.seats
        return list(rows.values_list("pk", flat=True)[start:stop])
