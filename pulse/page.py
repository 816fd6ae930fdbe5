"""A settled round in words and rows: the guess beside what was said, and what to talk about."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from common.numbers import number
from pulse.models import PulseResult, PulseRound, Unsure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

EVEN_LENGTH = 32 * 1024


@dataclass(frozen=True)
class PulseRow:
    """One answer, or several taken together: what was guessed, and what may be told."""

    label: str
    guessed: int
    said: str


def rows_of(pulse: PulseRound) -> list[PulseRow]:
    """Side by side and in the order asked; nothing where the figures are not shown."""
    if not pulse.is_shown:
        return []
    if pulse.result == PulseResult.FULL:
        return [
            PulseRow(_("Ja"), pulse.guess_yes, number(pulse.yes or 0)),
            PulseRow(_("Nja"), pulse.guess_partly, number(pulse.partly or 0)),
            PulseRow(_("Nei"), pulse.guess_no, number(pulse.no or 0)),
        ]
    yes, other = _said(pulse)
    return [
        PulseRow(_("Ja"), pulse.guess_yes, yes),
        PulseRow(_("Nja eller nei"), pulse.guess_other, other),
    ]


def _said(pulse: PulseRound) -> tuple[str, str]:
    """Of «ja», and of the other two together."""
    at_most, at_least = (
        _("høyst 1"),
        _("minst %(count)s") % {"count": number((pulse.answers or 0) - 1)},
    )
    if pulse.result == PulseResult.HARDLY_ANY_YES:
        return at_most, at_least
    if pulse.result == PulseResult.NEARLY_ALL_YES:
        return at_least, at_most
    return number(pulse.yes or 0), number(pulse.other or 0)


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
