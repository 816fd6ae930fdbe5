"""What was done and what was wrong: a fault is told with seed, day and the last acts before it."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter, deque
from dataclasses import dataclass, field

SHOWN_OF_A_KIND = 3


@dataclass(frozen=True)
class YearFault:
    at: dt.datetime
    what: str
    """Which rule was broken."""
    rows: str
    last_acts: tuple[str, ...]

    def __str__(self) -> str:
        acts = "\n".join(f"      {act}" for act in self.last_acts)
        return f"{self.at:%a %Y-%m-%d %H:%M} UTC · {self.what}: {self.rows}\n{acts}"


@dataclass
class Ledger:
    seed: int
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[YearFault] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Every act in its order, without ids of rows: two years of one seed have the same."""
    last: deque[str] = field(default_factory=lambda: deque(maxlen=8))
    known: set[str] = field(default_factory=set)

    def note(self, now: dt.datetime, words: str) -> None:
        self.told.append(f"{now:%m-%d %H:%M} {words}")
        self.last.append(self.told[-1])

    def fault(self, now: dt.datetime, what: str, rows: object = "") -> None:
        """Keep it once: what stays wrong is not told anew every day."""
        key = f"{what}: {rows}"
        if key not in self.known:
            self.known.add(key)
            self.faults.append(YearFault(now, what, str(rows)[:1500], tuple(self.last)))

    def __str__(self) -> str:
        """The first three of each kind."""
        kinds = Counter(one.what for one in self.faults)
        told = [
            one
            for number, one in enumerate(self.faults)
            if [same.what for same in self.faults[:number]].count(one.what) < SHOWN_OF_A_KIND
        ]
        found = "\n".join(map(str, told))
        counts = ", ".join(f"{what} ({count})" for what, count in kinds.items())
        return f"seed {self.seed}, {len(self.faults)} faults: {counts}\n{found}"


class ErrorsTold(logging.Handler):
    """Keeps what the portal writes as an error: a duty that goes on after one is no less wrong."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = self.format(record) if record.exc_info else record.getMessage()
        self.errors.append(f"{record.name}: {told}")

    def take(self) -> list[str]:
        taken, self.errors = self.errors, []
        return taken
