"""What a benchmark says: figures, each beside the limit it is held against."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO


@dataclass(frozen=True)
class Figure:
    """`ratio` is value / limit; whether 1 is the most or the least is in the name."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    ratio: float | None = None


class Report:
    def __init__(self, *, as_json: bool = False, output: IO[str] = sys.stdout) -> None:
        self.as_json = as_json
        self.output = output
        self.figures: list[Figure] = []

    def add(self, name: str, value: float, unit: str, *, limit: float | None = None) -> Figure:
        """The limit is a number that was asked for, or one measured in this same run."""
        ratio = round(value / limit, 4) if limit else None
        figure = Figure(name, round(value, 4), unit, limit and round(limit, 4), ratio)
        self.figures.append(figure)
        if self.as_json:
            self._say(json.dumps(asdict(figure), ensure_ascii=False))
        return figure

    @contextmanager
    def seconds(self, name: str, *, limit: float | None = None) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - start, "s", limit=limit)

    def note(self, line: str) -> None:
        """Progress, for a reader at a terminal; never among the JSON lines."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def close(self) -> None:
        if self.as_json or not self.figures:
            return
        rows = [("what", "value", "unit", "limit", "ratio"), *map(cells, self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        for what, *numbers in rows:
            right = [text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)]
            self._say("  ".join([what.ljust(widths[0]), *right]))

    def _say(self, line: str) -> None:
        self.output.write(line + "\n")
        self.output.flush()


def cells(figure: Figure) -> tuple[str, str, str, str, str]:
    limit = "" if figure.limit is None else number(figure.limit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.name, number(figure.value), figure.unit, limit, ratio


def number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 1000 else f"{value:.3g}"
