"""What may be shown of a tally, decided once when the round is settled.

Everything else is forgotten there and then: a number that must not be shown is not stored either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from missions.models.pulse import FEWEST_ANSWERS, FEWEST_UNSURE, PulseResult, Unsure
from missions.pulse_tally import Tally

Pattern = tuple[int, ...]
_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Figures:
    """The part of a tally that a page may show; None is what it must not."""

    result: PulseResult
    yes: int | None = None
    other: int | None = None
    partly: int | None = None
    no: int | None = None
    unsure: frozenset[Unsure] = frozenset()


def figures_of(tally: Tally) -> Figures:
    """Coarser the smaller the numbers are, so that nobody's answer is certain.

    «Nobody» and «one» are told apart nowhere: if all had said the same, the figures would say what
    each of them said. «Nja» and «nei» are one number where either is 1 or 2.
    """
    if tally.answers < FEWEST_ANSWERS:
        return Figures(PulseResult.TOO_FEW)
    if tally.yes <= 1:
        return Figures(PulseResult.HARDLY_ANY_YES)
    if tally.other <= 1:
        return Figures(PulseResult.NEARLY_ALL_YES)
    if {tally.partly, tally.no} & {1, 2}:
        return Figures(PulseResult.MERGED, yes=tally.yes, other=tally.other)
    return Figures(
        PulseResult.FULL,
        yes=tally.yes,
        other=tally.other,
        partly=tally.partly,
        no=tally.no,
        unsure=frozenset(_often_unsure(tally)),
    )


def _often_unsure(tally: Tally) -> Iterator[Unsure]:
    for topic in Unsure:
        if getattr(tally, f"unsure_{topic}") >= FEWEST_UNSURE:
            yield topic


def isolates_few(group: frozenset[int], shown: Sequence[frozenset[int]]) -> bool:
    """Would showing this group's figures beside those shown before tell of one to four people?

    Figures can be added and subtracted, each as often as one likes. What such a sum speaks of are
    those whom it does not cancel out; they are one to four where all others can be cancelled and
    they cannot. Only who answered counts here, never what, so that being withheld says nothing
    about the answers. What the earlier rounds told already is not held against this one.
    """
    people: Counter[Pattern] = Counter(_patterns([group, *shown]))
    few = [pattern for pattern, size in people.items() if size < FEWEST_ANSWERS]
    return any(
        _tells_of(chosen, people, first=0) > _tells_of(chosen, people, first=1)
        for count in range(1, FEWEST_ANSWERS)
        for chosen in combinations(few, count)
        if sum(people[pattern] for pattern in chosen) < FEWEST_ANSWERS
    )


def _patterns(groups: Sequence[frozenset[int]]) -> Iterator[Pattern]:
    """For each person: in which of the groups she is."""
    for person in frozenset().union(*groups):
        yield tuple(int(person in group) for group in groups)


def _tells_of(chosen: Sequence[Pattern], everybody: Collection[Pattern], *, first: int) -> int:
    """In how many ways sums of the groups from `first` on speak of these and of nobody else."""
    every = {pattern[first:] for pattern in everybody}
    others = {pattern[first:] for pattern in everybody if pattern not in chosen}
    return _rank(every) - _rank(others)


def _rank(rows: Iterable[Pattern]) -> int:
    """By elimination modulo a prime that is greater than any determinant of so few ones."""
    left = [list(row) for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column] % _PRIME), None)
        if pivot is None:
            continue
        left.remove(pivot)
        rank += 1
        inverse = pow(pivot[column], -1, _PRIME)
        left = [_cleared(row, pivot, row[column] * inverse % _PRIME) for row in left]
    return rank


def _cleared(row: list[int], pivot: list[int], times: int) -> list[int]:
    if not times:
        return row
    return [(mine - times * its) % _PRIME for mine, its in zip(row, pivot, strict=True)]
