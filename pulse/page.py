"""A settled round in words and rows: the guess beside what was said, and what to talk about."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ballots.disclosure import FEWEST_BESIDE
from common.numbers import number
from pulse.models import PulseResult, PulseRound, Unsure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

EVEN_LENGTH = 32 * 1024
MOST_UNTOLD = FEWEST_BESIDE - 1
"""So many, or fewer, are told only as «at most»."""


@dataclass(frozen=True)
class PulseRow:
    """One answer, or several taken together: what was guessed, and between what the answers lie.

    The words and the bar are both made of `least` and `most`, so that a bar tells no more.
    """

    label: str
    guessed: int
    least: int
    most: int

    @property
    def said(self) -> str:
        """How many said it, as exactly as may be told."""
        if self.least == self.most:
            return number(self.most)
        if self.least == 0:
            return _("høyst %(count)s") % {"count": number(self.most)}
        return _("minst %(count)s") % {"count": number(self.least)}

    @property
    def is_exact(self) -> bool:
        return self.least == self.most


def rows_of(pulse: PulseRound) -> list[PulseRow]:
    """Side by side and in the order asked; nothing where the figures are not shown."""
    if not pulse.is_shown:
        return []
    if pulse.result == PulseResult.FULL:
        return [
            _exact(_("Ja"), pulse.guess_yes, pulse.yes),
            _exact(_("Nja"), pulse.guess_partly, pulse.partly),
            _exact(_("Nei"), pulse.guess_no, pulse.no),
        ]
    yes, other = _("Ja"), _("Nja eller nei")
    if pulse.result == PulseResult.MERGED:
        return [
            _exact(yes, pulse.guess_yes, pulse.yes),
            _exact(other, pulse.guess_other, pulse.other),
        ]
    answers = pulse.answers or 0
    few, many = (0, MOST_UNTOLD), (answers - MOST_UNTOLD, answers)
    hardly_any_yes = pulse.result == PulseResult.HARDLY_ANY_YES
    return [
        PulseRow(yes, pulse.guess_yes, *(few if hardly_any_yes else many)),
        PulseRow(other, pulse.guess_other, *(many if hardly_any_yes else few)),
    ]


def _exact(label: str, guessed: int, said: int | None) -> PulseRow:
    return PulseRow(label, guessed, said or 0, said or 0)


def conversation_about(pulse: PulseRound) -> list[str]:
    """What the leader can do with the answer, together with the unit."""
    if not pulse.has_task:
        return []
    about = pulse.unsure if pulse.unsure or pulse.result == PulseResult.FULL else list(Unsure)
    return [
        *_openings(about),
        _("Spør hva som ville gjort oppdraget lettere å si. Endre heller ordene enn å gjenta dem."),
        _("Be ingen fortelle hva de svarte. Spør hva gruppen trenger."),
    ]


def _openings(about: Iterable[Unsure]) -> list[str]:
    words = {
        Unsure.MISSION: _(
            "Les kjerneoppgaven høyt, og la hver si den om igjen til sidemannen. Hvilke ord glapp?"
        ),
        Unsure.FOR_WHOM: _(
            "Fortell om én dag som gikk bra. Hvem merket det, og hvordan? "
            "Det er dem dere er til for."
        ),
        Unsure.CONTRIBUTION: _(
            "Snakk med hver enkelt om hva som ville manglet uten det de gjør, "
            "og skriv bidraget ned sammen."
        ),
    }
    return [words[topic] for topic in about]


def of_even_length(response: HttpResponse) -> HttpResponse:
    """Filled up, so that the length in an access log does not tell how much somebody remembered.

    Whoever wrote nothing hardly said «ja». The portal sends it as it is, uncompressed. The filling
    is random: to a proxy that compresses it is worth as much as words.
    """
    start, end = b"<!-- ", b" -->"
    missing = -len(response.content + start + end) % EVEN_LENGTH
    response.content += start + secrets.token_hex(missing)[:missing].encode() + end
    response.keeps_length = True  # type: ignore[attr-defined]  # portal.compression asks
    return response
