"""A long list of several parts, each in its own order, read a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Section(Generic[Row]):
    """Rows in their order, and how many they are: whoever pages has counted them already."""

    rows: QuerySet[Row]
    count: int

    def between(self, first: int, last: int) -> list[Row]:
        """Walks past numbers alone, from the nearer end, and reads the rows of the page."""
        keys = self.rows.values("pk")
        if first > self.count - last:
            keys = keys.reverse()
            first, last = self.count - last, self.count - first
        return list(self.rows.filter(pk__in=keys[first:last]))


class Sections(Generic[Row]):
    """What a paginator takes for a list: its sections one after the other."""

    ordered = True

    def __init__(self, *sections: Section[Row]) -> None:
        self.sections = sections

    def count(self) -> int:
        return sum(section.count for section in self.sections)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: Any) -> list[Row]:
        start, rows = 0, []
        for section in self.sections:
            first, last = max(part.start - start, 0), min(part.stop - start, section.count)
            if first < last:
                rows += section.between(first, last)
            start += section.count
        return rows
