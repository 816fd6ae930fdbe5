"""The organiser's questions in their order, and where each of them may be moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seminars.models import Question


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    """A question where it stands, and what its organiser may do with it there."""

    question: Question
    may_go_up: bool
    may_go_down: bool
    is_depended_on: bool
    """Another is shown only after an answer to it, so it must stay."""


def must_follow(below: Question, above: Question) -> bool:
    """Whether the one is shown only after an answer to the other: page and action ask the same."""
    return below.shown_if_id == above.pk


def in_order(questions: Iterable[Question]) -> list[PlacedQuestion]:
    """Return all of a seminar's, in the order in which they are asked."""
    asked = list(questions)
    conditions = {one.shown_if_id for one in asked}
    return [
        PlacedQuestion(
            question=one,
            may_go_up=place > 0 and not must_follow(one, asked[place - 1]),
            may_go_down=place + 1 < len(asked) and not must_follow(asked[place + 1], one),
            is_depended_on=one.pk in conditions,
        )
        for place, one in enumerate(asked)
    ]
