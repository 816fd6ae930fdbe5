"""Where people work and what they lead on a day, to be written down with what they do then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from people.models import Leadership, Position, User


@dataclass(frozen=True, slots=True)
class Snapshot:
    unit_id: int | None = None
    agency_id: int | None = None
    was_leader: bool = False

    def as_fields(self) -> dict[str, int | bool | None]:
        return {
            "unit_id": self.unit_id,
            "agency_id": self.agency_id,
            "was_leader": self.was_leader,
        }


def _held_by(user: User, rows: Any, *, on: dt.date) -> Any:
    held = rows.valid_on(on).filter(user=user)
    return held.order_by("valid_from", "pk").annotate(agency_id=F("unit__agency")).first()


def snapshot_of(user: User, *, on: dt.date) -> Snapshot:
    """As `snapshots_of` takes it of many; everybody who registers asks for their own."""
    led: Any = _held_by(user, Leadership.objects, on=on)
    held: Any = led or _held_by(user, Position.objects, on=on)
    return Snapshot() if held is None else Snapshot(held.unit_id, held.agency_id, bool(led))


def snapshots_of(user_ids: Iterable[int], *, on: dt.date) -> dict[int, Snapshot]:
    """By person: the unit they lead, or else the one they work in; the longest held of several.

    The unit that is led goes first because figures ask how many of an agency's *leaders* came.
    """
    ids = list(user_ids)
    found: dict[int, Snapshot] = {}
    for rows, was_leader in (
        (Leadership.objects.valid_on(on), True),
        (Position.objects.valid_on(on), False),
    ):
        missing = [user_id for user_id in ids if user_id not in found]
        if not missing:
            break
        held = rows.filter(user__in=missing).order_by("valid_from", "pk")
        for user_id, unit_id, agency_id in held.values_list("user", "unit", "unit__agency"):
            found.setdefault(user_id, Snapshot(unit_id, agency_id, was_leader))
    return found
