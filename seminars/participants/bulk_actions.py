"""Many people in at once, from a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from common.errors import Refused
from people.models import User
from seminars.models import Registration, Seminar
from seminars.seats.ways_in import register_on_behalf


@dataclass(frozen=True, slots=True)
class Entry:
    """How it went for one person of the list."""

    person: User
    registration: Registration | None
    refusal: str = ""


def register_list(
    *, seminar: Seminar, people: Iterable[User], by: User, now: dt.datetime
) -> list[Entry]:
    """Register each in the order of the list, exactly as `register_on_behalf` does for one.

    A transaction a person: others register meanwhile, and one who cannot come in holds up nobody.
    Sent twice, it registers nobody twice. Raises nothing; each refusal is in its entry.
    """
    return [_register(seminar, person, by=by, now=now) for person in people]


def _register(seminar: Seminar, person: User, *, by: User, now: dt.datetime) -> Entry:
    try:
        return Entry(person, register_on_behalf(seminar=seminar, user=person, by=by, now=now))
    except Refused as refusal:
        return Entry(person, None, str(refusal))
