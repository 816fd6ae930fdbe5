"""What the demo's agreements say: each takes commitments of its own, and no two are alike."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from demo.names import DATA

Text = dict[str, Any]
"""`commitments`, and `wording` for what else an agreement says."""


class AgreementTexts:
    """Draws from the data file; the same seed draws the same."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.read: dict[str, Any] = tomllib.loads(
            (DATA / "agreements.toml").read_text(encoding="utf-8")
        )
        self._left: dict[str, list[Text]] = {}
        self._reflections = {word: iter(said) for word, said in self.read["reflections"].items()}
        self._answers = iter(self.read["answers"])

    def knows(self, kind: str) -> bool:
        return kind in self.read["kind"]

    def draw(self, kind: str, *, about: str = "") -> Text:
        """Return what no other agreement says; `about` is in what the employee commits to first."""
        left = self._left.setdefault(kind, self._shuffled(kind))
        fits = (one for one in left if about in one["commitments"][0]["text"])
        found = next(fits, None)
        if found is None:
            raise LookupError(f"no text is left for {kind} {about}")
        left.remove(found)
        return found

    def reflection(self, word: str) -> str:
        """Return what is said of one commitment at one follow-up, and never again."""
        said: str = next(self._reflections[word])
        return said

    def answers(self) -> dict[str, dict[str, str]]:
        """Return what two say when they prepare, as no other two do."""
        return next(self._answers)

    def _shuffled(self, kind: str) -> list[Text]:
        of_kind = self.read["kind"][kind]
        chosen = list(_selections(of_kind["commitments"]))
        self.rng.shuffle(chosen)
        wordings = of_kind.get("wordings", [{}])
        return [
            {"commitments": commitments, "wording": wordings[number % len(wordings)]}
            for number, commitments in enumerate(chosen)
        ]


def _selections(commitments: list[Text]) -> Iterator[list[Text]]:
    """Two of the employee's and two more: the leader's, or one of those and a shared one."""
    own = [one for one in commitments if one["owner"] == "employee"]
    leaders = [one for one in commitments if one["owner"] == "leader"]
    together = [one for one in commitments if one["owner"] == "both"]
    others = [*combinations(leaders, 2), *product(leaders, together)]
    for mine, theirs in product(combinations(own, 2), others):
        yield [*mine, *theirs]
