"""What a room holds about one person, as they are given it when they ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices, QuerySet


@dataclass(frozen=True)
class Column:
    path: str
    label: str
    words: Callable[[Any], Any] | None = None
    """How a stored value is said to people."""

    @property
    def key(self) -> str:
        return self.path.replace("__", "_")

    def cell(self, value: Any) -> Any:
        if value in (None, "") or self.words is None:
            return value
        if isinstance(value, dict):
            return self.words(value)
        if isinstance(value, list):
            return [str(self.words(one)) for one in value]
        return str(self.words(value))


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    columns: list[Column]
    rows: list[list[Any]]


def section(key: str, title: str, found: QuerySet[Any], *columns: Column) -> Section:
    """One query, however many rows; only the columns that are named leave the database."""
    values = found.values_list(*(column.path for column in columns))
    rows = [
        [column.cell(value) for column, value in zip(columns, row, strict=True)] for row in values
    ]
    return Section(key, title, list(columns), rows)


def labels(choices: type[Choices]) -> Callable[[Any], Any]:
    return lambda value: choices(value).label
