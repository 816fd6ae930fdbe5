"""The tally of a round: how many said what, under seal while it is open."""

from __future__ import annotations

import uuid
from dataclasses import astuple, dataclass, replace

from ballots.sealing import seal_counts, unseal_counts
from pulse.models import PulseAnswer, Unsure

_PURPOSE = b"lederportalen.pulse"


@dataclass(frozen=True)
class Tally:
    """How many said what. The three about being unsure may overlap, and say nothing of each other:
    who chose two of them is counted once in each."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    unsure_mission: int = 0
    unsure_for_whom: int = 0
    unsure_contribution: int = 0

    @property
    def answers(self) -> int:
        return self.yes + self.partly + self.no

    @property
    def other(self) -> int:
        """Everybody who did not say «ja»."""
        return self.partly + self.no

    def with_answer(self, answer: PulseAnswer, unsure: frozenset[Unsure]) -> Tally:
        raised = [str(answer)]
        if answer == PulseAnswer.PARTLY:
            raised += [f"unsure_{topic}" for topic in unsure]
        return replace(self, **{name: getattr(self, name) + 1 for name in raised})


def seal(tally: Tally, salt: uuid.UUID) -> bytes:
    """Always the same length, and never the same bytes twice, whatever was added."""
    return seal_counts(astuple(tally), salt=salt, purpose=_PURPOSE)


def unseal(sealed: bytes, salt: uuid.UUID) -> Tally:
    """Raises ballots.sealing.CannotBeOpened."""
    return Tally(*unseal_counts(sealed, salt=salt, purpose=_PURPOSE))
