"""Political signals: what the elected have decided, which the municipality's mission answers to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

MOST_SIGNALS = 6


@dataclass(frozen=True)
class Signal:
    """One decision, and where it stands."""

    title: str
    source: str
    url: str = ""
    decided_on: dt.date | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Signal:
        day = row["decided_on"]
        decided_on = dt.date.fromisoformat(day) if day else None
        return cls(row["title"], row["source"], row["url"], decided_on)

    def as_row(self) -> dict[str, Any]:
        """As it is kept in the version's own row, and so frozen with it."""
        day = self.decided_on.isoformat() if self.decided_on else None
        return {"title": self.title, "source": self.source, "url": self.url, "decided_on": day}
