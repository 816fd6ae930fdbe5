"""What may be shown of a tally, decided once when the round is settled.

Everything else is forgotten there and then: a number that must not be shown is not stored either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ballots.disclosure import FEWEST_TOPIC, Detail, detail_of, topics_are_told
from pulse.models import PulseResult, Unsure
from pulse.tally import Tally

_RESULTS = {
    Detail.NOTHING: PulseResult.TOO_FEW,
    Detail.HARDLY_ANY_YES: PulseResult.HARDLY_ANY_YES,
    Detail.NEARLY_ALL_YES: PulseResult.NEARLY_ALL_YES,
    Detail.MERGED: PulseResult.MERGED,
    Detail.FULL: PulseResult.FULL,
}


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
    """Return what `ballots.disclosure` lets a page show of a round."""
    detail = detail_of(yes=tally.yes, partly=tally.partly, no=tally.no)
    result = _RESULTS[detail]
    if detail not in (Detail.MERGED, Detail.FULL):
        return Figures(result)
    is_full = detail == Detail.FULL
    is_told = topics_are_told(detail, other=tally.other)
    return Figures(
        result,
        yes=tally.yes,
        other=tally.other,
        partly=tally.partly if is_full else None,
        no=tally.no if is_full else None,
        unsure=frozenset(_often_unsure(tally) if is_told else ()),
    )


def _often_unsure(tally: Tally) -> Iterator[Unsure]:
    for topic in Unsure:
        if getattr(tally, f"unsure_{topic}") >= FEWEST_TOPIC:
            yield topic
