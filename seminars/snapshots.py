"""Where people work and what they lead on a day, to be written down with what they do then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

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


def snapshot_of(user: User, *, on: dt.date) -> Snapshot:
    return snapshots_of([user.pk], on=on).get(user.pk, Snapshot())


def snapshots_of(user_ids: Iterable[int], *, on: dt.date) -> dict[int, Snapshot]:
    """By person: the unit she leads, or else the one she works in; the longest held of several.

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
