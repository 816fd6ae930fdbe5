"""What may be shown of a tally, decided once when the round is settled.

Everything else is forgotten there and then: a number that must not be shown is not stored either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from missions.models.pulse import FEWEST_ANSWERS, FEWEST_UNSURE, PulseResult, Unsure
from missions.pulse_tally import Tally

MOST_COMBINED = 4
"""Earlier rounds that are added and subtracted together: all that one unit can have in a year."""


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

    Adds and subtracts every choice of the earlier groups. Whoever is left with something else than
    nothing is whom the combined figure speaks of. Only who answered counts here, never what, so
    that being withheld says nothing about the answers.
    """
    return any(
        0 < len(_spoken_of(group, earlier, signs)) < FEWEST_ANSWERS
        for count in range(1, min(MOST_COMBINED, len(shown)) + 1)
        for earlier in combinations(shown, count)
        for signs in product((1, -1), repeat=count)
    )


def _spoken_of(
    group: frozenset[int], earlier: Sequence[frozenset[int]], signs: Sequence[int]
) -> set[int]:
    weights = dict.fromkeys(group, 1)
    for other, sign in zip(earlier, signs, strict=True):
        for person in other:
            weights[person] = weights.get(person, 0) + sign
    return {person for person, weight in weights.items() if weight}
