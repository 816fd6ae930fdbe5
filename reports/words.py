"""What each figure is called and what it means: the same on the page, in the files and in docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


@dataclass(frozen=True)
class Definition:
    key: str
    label: Words
    meaning: Words


COUNTED = [
    Definition(
        "invited",
        _("Invitert"),
        _("Invitasjoner til seminarer som starter i perioden. Én person kan ha flere."),
    ),
    Definition(
        "registered",
        _("Påmeldt"),
        _("Påmeldinger med plass, på seminarer som starter i perioden. Avmeldte er ikke med."),
    ),
    Definition(
        "waiting",
        _("Venter"),
        _(
            "Står på venteliste, har fått tilbud om plass uten å ha svart, eller venter på "
            "godkjenning fra nærmeste leder."
        ),
    ),
    Definition(
        "attended",
        _("Møtt"),
        _("Påmeldte som arrangøren har ført som møtt."),
    ),
    Definition(
        "no_show",
        _("Ikke møtt"),
        _("Påmeldte som arrangøren har ført som ikke møtt, uten gyldig fravær."),
    ),
    Definition(
        "excused",
        _("Gyldig fravær"),
        _("Påmeldte som ikke møtte, og som arrangøren har ført med gyldig fravær."),
    ),
    Definition(
        "not_recorded",
        _("Ikke ført"),
        _(
            "Påmeldte på seminarer som er over, der oppmøtet ikke er ført. "
            "Det er ikke det samme som ikke møtt."
        ),
    ),
]
REACH = Definition(
    "reach",
    _("Ledere nådd"),
    _(
        "Av dem som leder en enhet i virksomheten på periodens siste dag (i dag, om den ikke er "
        "nådd): andelen som har møtt på minst ett seminar i perioden. Vises når virksomheten har "
        "minst fem ledere."
    ),
)
AGREEMENTS = Definition(
    "agreements",
    _("Avtaler signert"),
    _(
        "Medarbeidere som har fått sin første avtale i virksomheten signert av begge. Telles i "
        "hele måneder, som slås sammen til de rommer minst fem. Bare slike grupper innenfor "
        "perioden er med, så tallet er «minst så mange». Hva avtalene sier, er det bare partene "
        "som kan lese."
    ),
)
DEFINITIONS = [*COUNTED, REACH, AGREEMENTS]
TOO_FEW = _("for få")
WITHOUT_AGENCY = _("Uten virksomhet")
