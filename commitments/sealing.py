"""Whether the portal can seal, and how well: for the page, the checks and whoever runs it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured

from common.seal import Seal, find_seal


class Standing(StrEnum):
    GOOD = "good"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"


@dataclass(frozen=True)
class SealStanding:
    standing: Standing
    seal: Seal | None = None
    problem: str = ""

    @property
    def can_seal(self) -> bool:
        return self.standing in (Standing.GOOD, Standing.EXPIRES_SOON)


def seal_standing(now: dt.datetime) -> SealStanding:
    try:
        seal = find_seal()
    except ImproperlyConfigured as error:
        return SealStanding(Standing.UNREADABLE, problem=str(error))
    if seal is None:
        return SealStanding(Standing.MISSING)
    if not seal.holds_at(now):
        return SealStanding(Standing.EXPIRED, seal)
    return SealStanding(Standing.EXPIRES_SOON if seal.expires_soon(now) else Standing.GOOD, seal)
