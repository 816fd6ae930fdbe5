"""A number of people, or as much of it as may be told: never who is, and never who is not."""

from __future__ import annotations

from dataclasses import dataclass

from common.small_groups import SMALL_GROUP


@dataclass(frozen=True)
class Bounds:
    """A number, or as much of it as may be told."""

    at_least: int = 0
    at_most: int = 0

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.at_least + other.at_least, self.at_most + other.at_most)

    @property
    def is_exact(self) -> bool:
        return 0 < self.at_least == self.at_most


NOTHING_TOLD = Bounds()


def bounds_of(count: int, could: int) -> Bounds:
    """The number where neither those who did nor the others are a small group; else its bounds.

    Nobody is not told from few, nor everybody from nearly everybody. Of fewer than two small
    groups nothing is told at all: there the two would meet.
    """
    if could < 2 * SMALL_GROUP:
        return Bounds(0, max(could, 0))
    if count < SMALL_GROUP:
        return Bounds(0, SMALL_GROUP - 1)
    if could - count < SMALL_GROUP:
        return Bounds(could - SMALL_GROUP + 1, could)
    return Bounds(count, count)
