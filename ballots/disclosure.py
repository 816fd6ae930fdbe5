"""What may be shown of counts, so that nothing shown betrays one person's answer.

The rules know counts and groups of people, and nothing of what was asked.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

from common.small_groups import SMALL_GROUP

FEWEST_SAID = 3
"""Two answers other than «ja» are told apart where at least so many said each."""
FEWEST_TOPIC = 3
"""A topic is told of where at least so many chose it, and never with its number."""
FEWEST_BESIDE = 2
"""Fewer than so many on one side are told only as «at most one»: nobody and one look alike."""


class Detail(enum.Enum):
    """How much of the counts «ja», «nja» and «nei» may be shown."""

    NOTHING = "nothing"
    HARDLY_ANY_YES = "hardly_any_yes"
    NEARLY_ALL_YES = "nearly_all_yes"
    MERGED = "merged"
    FULL = "full"


def detail_of(*, yes: int, partly: int, no: int) -> Detail:
    """Coarser the smaller the numbers are, so that nobody's answer is certain.

    «Nobody» and «one» are told apart nowhere: if all had said the same, the figures would say what
    each of them said. «Nja» and «nei» are one number where either is under three.
    """
    other = partly + no
    if yes + other < SMALL_GROUP:
        return Detail.NOTHING
    if yes < FEWEST_BESIDE:
        return Detail.HARDLY_ANY_YES
    if other < FEWEST_BESIDE:
        return Detail.NEARLY_ALL_YES
    if min(partly, no) < FEWEST_SAID:
        return Detail.MERGED
    return Detail.FULL


def topics_are_told(detail: Detail, *, other: int) -> bool:
    """Topics stand beside numbers alone, where more could have chosen them than must have."""
    return detail == Detail.FULL or (detail == Detail.MERGED and other > FEWEST_TOPIC)


def overlaps_shown(group: frozenset[int], shown: Iterable[frozenset[int]]) -> bool:
    """Is this group neither the same as, nor apart from, each group whose figures are shown?

    What is shown is so a partition of people: whatever is added and subtracted, with whatever
    weights, what remains is a sum of whole groups, and bounds on one say nothing of another. Only
    who answered counts, never what, so that being withheld says nothing about the answers.
    """
    return any(group & other and group != other for other in shown)
