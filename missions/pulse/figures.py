"""What may be shown of a tally, decided once when the round is settled.

Everything else is forgotten there and then: a number that must not be shown is not stored either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from common.small_groups import SMALL_GROUP
from missions.models.pulse import FEWEST_SAID, FEWEST_UNSURE, PulseResult, Unsure
from missions.pulse.tally import Tally


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
    if tally.answers < SMALL_GROUP:
        return Figures(PulseResult.TOO_FEW)
    if tally.yes <= 1:
        return Figures(PulseResult.HARDLY_ANY_YES)
    if tally.other <= 1:
        return Figures(PulseResult.NEARLY_ALL_YES)
    if min(tally.partly, tally.no) < FEWEST_SAID:
        unsure = _often_unsure(tally) if tally.other > FEWEST_UNSURE else ()
        return Figures(
            PulseResult.MERGED, yes=tally.yes, other=tally.other, unsure=frozenset(unsure)
        )
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


def overlaps_shown(group: frozenset[int], shown: Iterable[frozenset[int]]) -> bool:
    """Is this group neither the same as, nor apart from, each group whose figures are shown?

    What is shown is so a partition of people: whatever is added and subtracted, with whatever
    weights, what remains is a sum of whole groups, and bounds on one say nothing of another. Only
    who answered counts, never what, so that being withheld says nothing about the answers.
    """
    return any(group & other and group != other for other in shown)
