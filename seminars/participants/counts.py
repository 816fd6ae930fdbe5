"""How many are in, wait and came, as the list of participants says of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from seminars.models import (
    HELD_FOR_A_TIME,
    HOLDS_SEAT,
    IN_QUEUE,
    AttendanceOutcome,
    RegistrationState,
    Seminar,
)


@dataclass(frozen=True, slots=True)
class ParticipantCounts:
    """By state; and of those whose seat is certain, by what is recorded of them."""

    by_state: Counter[str] = field(default_factory=Counter)
    by_outcome: Counter[str] = field(default_factory=Counter)

    @property
    def registered(self) -> int:
        return sum(self.by_state[state] for state in HOLDS_SEAT)

    @property
    def uncertain(self) -> int:
        return sum(self.by_state[state] for state in HELD_FOR_A_TIME)

    @property
    def waiting(self) -> int:
        return sum(self.by_state[state] for state in IN_QUEUE)

    @property
    def attended(self) -> int:
        return self.by_outcome[AttendanceOutcome.ATTENDED]

    @property
    def partly(self) -> int:
        return self.by_outcome[AttendanceOutcome.PARTLY]

    @property
    def no_show(self) -> int:
        return self.by_outcome[AttendanceOutcome.NO_SHOW]

    @property
    def excused(self) -> int:
        return self.by_outcome[AttendanceOutcome.EXCUSED]

    @property
    def unrecorded(self) -> int:
        return self.by_outcome[""]


def seats_of(seminar: Seminar) -> dict[str, int]:
    """Before anybody can have come, of a seminar read `with_seat_counts`."""
    makes_sure = seminar.offers_expire_after or seminar.approval_days
    held = seminar.registrations.filter(state__in=HELD_FOR_A_TIME)
    return {
        "registered": seminar.seats_taken,
        "uncertain": held.count() if makes_sure else 0,
        "waiting": seminar.waiting_count,
    }


def counts_of(seminar: Seminar) -> ParticipantCounts:
    """Everything the list says of itself, in one query that an index answers alone."""
    rows = (
        seminar.registrations.order_by().values_list("state", "outcome").annotate(count=Count("*"))
    )
    counts = ParticipantCounts()
    for state, outcome, count in rows:
        counts.by_state[state] += count
        if state == RegistrationState.REGISTERED:
            counts.by_outcome[outcome] += count
    return counts
