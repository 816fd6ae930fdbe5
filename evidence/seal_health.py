"""Whether the portal can seal, and how well: for the page, the checks and whoever runs it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured

from evidence.seal import Seal, find_seal


class SealState(StrEnum):
    GOOD = "good"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"


@dataclass(frozen=True)
class SealHealth:
    standing: SealState
    seal: Seal | None = None
    problem: str = ""

    @property
    def can_seal(self) -> bool:
        return self.standing in (SealState.GOOD, SealState.EXPIRES_SOON)


def seal_health(now: dt.datetime) -> SealHealth:
    try:
        seal = find_seal()
    except ImproperlyConfigured as error:
        return SealHealth(SealState.UNREADABLE, problem=str(error))
    if seal is None:
        return SealHealth(SealState.MISSING)
    if not seal.holds_at(now):
        return SealHealth(SealState.EXPIRED, seal)
    return SealHealth(SealState.EXPIRES_SOON if seal.expires_soon(now) else SealState.GOOD, seal)
