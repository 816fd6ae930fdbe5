"""How it has gone with each commitment, from one conversation to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.models import FollowUp, Word

FEWEST_TALKS = 2
"""Of a single conversation its own list says it all."""


@dataclass(frozen=True)
class Mark:
    """What the two said of a commitment in one conversation."""

    held_at: dt.datetime
    word: Word


@dataclass(frozen=True)
class Timeline:
    """One commitment, and what was said of it in turn."""

    text: str
    marks: list[Mark]


def timelines(held: Iterable[FollowUp]) -> list[Timeline]:
    """Return a line for each commitment talked about, the latest conversation's first.

    Of conversations that the reader may see. A commitment that is carried unchanged into a new
    edition of the agreement is one and the same.
    """
    newest_first = list(held)
    if len(newest_first) < FEWEST_TALKS:
        return []
    lines: dict[tuple[str, str], list[Mark]] = {}
    for talk in newest_first:
        for outcome in talk.outcomes.all():
            if talk.held_at is not None:
                mark = Mark(talk.held_at, Word(outcome.word))
                key = outcome.commitment.owner, outcome.commitment.text
                lines.setdefault(key, []).insert(0, mark)
    return [Timeline(text, marks) for (_owner, text), marks in lines.items()]
