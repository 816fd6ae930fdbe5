"""What changed from one version of a mission to another, word by word, for a person to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from missions.models import MissionVersion

ALIKE = 0.5
"""From here on two activities are the same one reworded, and not one gone and another come."""

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class MissionPiece:
    """Some words that stayed, came or went: `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One heading of a mission, and its paragraphs as pieces."""

    label: str | Promise
    paragraphs: list[list[MissionPiece]]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for pieces in self.paragraphs for piece in pieces)


def differences(old: MissionVersion, new: MissionVersion) -> list[Difference]:
    """Every heading on which either version has words, changed or not."""
    found = [
        Difference(_("Kjerneoppgave"), [_pieces(old.core_task, new.core_task)]),
        Difference(_("Hvem vi er til for"), [_pieces(old.for_whom, new.for_whom)]),
        Difference(_("Kjerneaktiviteter"), list(_lists(_activities(old), _activities(new)))),
        Difference(_("Hva som ikke er vår oppgave"), [_pieces(old.not_our_task, new.not_our_task)]),
        Difference(_("Bidrag til oppdraget over"), [_pieces(old.contribution, new.contribution)]),
        Difference(_("Kjerneaktiviteten over som bidraget støtter"), [_served(old, new)]),
        Difference(_("Politiske signaler"), list(_lists(_signals(old), _signals(new)))),
    ]
    return [difference for difference in found if any(difference.paragraphs)]


def _pieces(old: str, new: str) -> list[MissionPiece]:
    """Words with the space after them, so that what stays reads as it was written."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[MissionPiece] = []
    # Without `autojunk`, a long text's most common words would be called new.
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(MissionPiece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(MissionPiece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(MissionPiece("added", "".join(after[j1:j2])))
    return pieces


def _lists(old: list[str], new: list[str]) -> Iterator[list[MissionPiece]]:
    """The new list in its order, each beside what it was, and then what is gone."""
    left = list(old)
    for text in new:
        nearest = max(left, key=lambda one: _likeness(one, text), default=None)
        if nearest is None or _likeness(nearest, text) < ALIKE:
            yield [MissionPiece("added", text)]
        else:
            left.remove(nearest)
            yield _pieces(nearest, text)
    for text in left:
        yield [MissionPiece("removed", text)]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _activities(version: MissionVersion) -> list[str]:
    return [activity.text for activity in version.core_activities.all()]


def _signals(version: MissionVersion) -> list[str]:
    return [f"{signal.title} ({signal.source})" for signal in version.political_signals]


def _served(old: MissionVersion, new: MissionVersion) -> list[MissionPiece]:
    return _pieces(str(old.serves or ""), str(new.serves or ""))
