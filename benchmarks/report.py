"""What a benchmark says: figures, each beside the limit it is held against, and what failed."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO


@dataclass(frozen=True)
class Figure:
    """`ratio` is value / limit. Where `is_beyond` is None the limit is there to compare with."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    ratio: float | None = None
    is_beyond: bool | None = None


class Report:
    def __init__(
        self, *, as_json: bool = False, is_brief: bool = False, output: IO[str] = sys.stdout
    ) -> None:
        self.as_json, self.is_brief = as_json, is_brief
        self.output = output
        self.figures: list[Figure] = []
        self.failed: dict[str, str] = {}

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        most: float | None = None,
        least: float | None = None,
        beside: float | None = None,
    ) -> Figure:
        """Held to the most or the least that was asked for, or shown beside another figure."""
        limit = next((one for one in (most, least, beside) if one is not None), None)
        is_beyond = None
        if most is not None or least is not None:
            is_beyond = (most is not None and value > most) or (least is not None and value < least)
        figure = Figure(
            name,
            round(value, 4),
            unit,
            limit and round(limit, 4),
            round(value / limit, 4) if limit else None,
            is_beyond,
        )
        self.figures.append(figure)
        if self.as_json:
            self._say(json.dumps(asdict(figure), ensure_ascii=False))
        return figure

    def done(self, name: str, seconds: float) -> None:
        """Say that it went through all it does, where nothing else is said of it."""
        if self.is_brief:
            self._say(f"{name} works ({seconds:.0f} s)")

    def fail(self, name: str, error: Exception) -> None:
        """Keep that a benchmark came to nothing, and say at once where."""
        self.failed[name] = f"{type(error).__name__}: {error}"
        self._tell("".join(traceback.format_exception(error)))
        if self.as_json:
            self._say(json.dumps({"name": name, "failed": self.failed[name]}, ensure_ascii=False))

    @property
    def beyond(self) -> list[Figure]:
        """The figures that are more than the most, or less than the least."""
        return [figure for figure in self.figures if figure.is_beyond]

    def status(self, *, is_strict: bool = False) -> int:
        """Return what the command ends with; a figure beyond its limit counts if that is asked."""
        return int(bool(self.failed or (is_strict and self.beyond)))

    @contextmanager
    def seconds(self, name: str, *, most: float | None = None) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - start, "s", most=most)

    def note(self, line: str) -> None:
        """Progress, for a reader at a terminal; never among the JSON lines."""
        if not self.is_brief:
            self._tell(line)

    def _tell(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Print the table of all figures, and below it what failed."""
        if self.as_json:
            return
        if self.figures and not self.is_brief:
            self._table()
        for name, why in self.failed.items():
            self._say(f"{name} FAILED: {why}")

    def _table(self) -> None:
        rows = [("what", "value", "unit", "limit", "ratio", ""), *map(cells, self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(6)]
        for what, *numbers in rows:
            right = [text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)]
            self._say("  ".join([what.ljust(widths[0]), *right]).rstrip())

    def _say(self, line: str) -> None:
        self.output.write(line + "\n")
        self.output.flush()


def cells(figure: Figure) -> tuple[str, str, str, str, str, str]:
    limit = "" if figure.limit is None else number(figure.limit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    beyond = "beyond" if figure.is_beyond else ""
    return figure.name, number(figure.value), figure.unit, limit, ratio, beyond


def number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 1000 else f"{value:.3g}"
