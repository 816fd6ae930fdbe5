"""Several of one's own people in at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from common.errors import Refused
from people.models import User
from seminars.models import Registration, Seminar
from seminars.seats.ways_in import register_staff


@dataclass(frozen=True, slots=True)
class StaffOutcome:
    """How it went for one person."""

    person: User
    registration: Registration | None
    refusal: str = ""


def register_several(
    *, seminar: Seminar, people: Iterable[User], by: User, now: dt.datetime
) -> list[StaffOutcome]:
    """Register each by name, exactly as `register_staff` does for one.

    A transaction a person: one who cannot come in holds up nobody. Sent twice, it registers nobody
    twice. Raises nothing; each refusal is in its outcome.
    """
    return [_register(seminar, person, by=by, now=now) for person in people]


def _register(seminar: Seminar, person: User, *, by: User, now: dt.datetime) -> StaffOutcome:
    try:
        return StaffOutcome(person, register_staff(seminar=seminar, user=person, by=by, now=now))
    except Refused as refusal:
        return StaffOutcome(person, None, str(refusal))
