"""Reading attendance: from a form, from rows, as counts. Writing it is an action."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from seminars.models import (
    HELD_FOR_A_TIME,
    HOLDS_SEAT,
    IN_QUEUE,
    AttendanceOutcome,
    RegistrationState,
    Seminar,
)
from seminars.refusals import NotInList

FIELD, SEEN = "outcome-", "seen-"
ROW_ID = re.compile(r"[0-9]{1,18}")
"""No more digits than the database has room for."""


@dataclass(frozen=True, slots=True)
class ParticipantCounts:
    """By state; and of those with a seat, by what is recorded of them."""

    by_state: Counter[str] = field(default_factory=Counter)
    by_outcome: Counter[str] = field(default_factory=Counter)

    @property
    def registered(self) -> int:
        return sum(self.by_outcome.values())

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
    def no_show(self) -> int:
        return self.by_outcome[AttendanceOutcome.NO_SHOW]

    @property
    def excused(self) -> int:
        return self.by_outcome[AttendanceOutcome.EXCUSED]

    @property
    def unrecorded(self) -> int:
        return self.by_outcome[""]


def marks_in(data: Mapping[str, str]) -> dict[int, str]:
    """Return the outcomes of a form's «outcome-<registration's id>»; NotInList for another."""
    return _by_row(data, FIELD)


def seen_in(data: Mapping[str, str]) -> dict[int, str]:
    """Return what the page showed for each of its rows, from its «seen-<registration's id>»."""
    return _by_row(data, SEEN)


def _by_row(data: Mapping[str, str], prefix: str) -> dict[int, str]:
    rows = {name.removeprefix(prefix): data[name] for name in data if name.startswith(prefix)}
    if not all(ROW_ID.fullmatch(row) for row in rows):
        raise NotInList
    return {int(row): value for row, value in rows.items()}


def unrecorded_as_attended(seminar: Seminar) -> dict[int, str]:
    """For «everybody came»: those who are marked already keep their mark."""
    unrecorded = seminar.registrations.filter(state=RegistrationState.REGISTERED, outcome="")
    return dict.fromkeys(unrecorded.values_list("pk", flat=True), "attended")


def may_be_marked(seminar: Seminar, now: dt.datetime) -> bool:
    begins = timezone.localdate(seminar.starts_at)
    return seminar.is_published and timezone.localdate(now) >= begins


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
        if state in HOLDS_SEAT:
            counts.by_outcome[outcome] += count
    return counts
