"""How far the loading of the demo has come, and how long the rest will take at this pace."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

STATEMENTS = 15_350
"""How many the demo asks of PostgreSQL, as a test counts. Time goes nearly evenly over them, so the
share that is done is told by them, and what is left by the time that this machine has taken."""
BEGINS_AT = 5
"""Per cent that are done before a pace is measured."""
LINE = 70
"""As wide as the longest, so that nothing stands behind a shorter one."""


class Screen(Protocol):
    """What is written to: a terminal has one line that is written anew, a log a few lines."""

    def write(self, msg: str, *, ending: str) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class Progress:
    """Counts as a database wrapper: `with connection.execute_wrapper(progress)`."""

    def __init__(self, screen: Screen, clock: Callable[[], float] = time.monotonic) -> None:
        self.screen = screen
        self.clock = clock
        self.statements = 0
        self.is_terminal = screen.isatty()
        self.step = 1 if self.is_terminal else 25
        """Per cent between what is told."""
        self.told = 0
        self.began = clock()

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.statements += 1
        share = min(100 * self.statements // STATEMENTS, 99)
        if share >= max(self.told + self.step, BEGINS_AT):
            self.told = share
            self._tell(f"{share} %, {self.left(share)} left")
        return execute(sql, params, many, context)

    def left(self, share: int) -> str:
        """Return the time that the rest takes if it goes on as it has gone so far."""
        seconds = (self.clock() - self.began) * (100 - share) / share
        if seconds < 60:
            return f"about {max(5 * round(seconds / 5), 5)} s"
        return f"about {round(seconds / 60)} min"

    def finish(self) -> None:
        """Say how long it took, where the estimate stood."""
        self._tell(f"done in {self.clock() - self.began:.0f} s.")
        if self.is_terminal:
            self.screen.write("", ending="\n")

    def _tell(self, words: str) -> None:
        line = f"Loading the demo municipality: {words}"
        if self.is_terminal:
            self.screen.write(f"\r{line:<{LINE}}", ending="")
        else:
            self.screen.write(line, ending="\n")
        self.screen.flush()
