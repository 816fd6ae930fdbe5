"""What each figure is called and what it means: the same on the page, in the files and in docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.numbers import number, percent
from common.small_groups import SMALL_GROUP_WORD, TWO_SMALL_GROUPS_WORD
from reports.attendance import AttendanceSummary
from reports.bounds import Bounds

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
        "unseated",
        _("Fikk ikke plass"),
        _("Sto på venteliste helt til seminaret var over, uten at det ble plass."),
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
ATTENDED = Definition(
    "attended",
    _("Møtt"),
    format_lazy(
        _(
            "Personer som møtte, helt eller delvis, på minst ett seminar i halvåret. Telles én "
            "gang, når arrangørene har hatt to uker på å føre, for hvert halvår som ligger helt i "
            "perioden. Ledere og andre telles hver for seg. Antallet vises når minst {fewest} "
            "møtte og minst {fewest} ikke møtte. Ellers står det «minst» eller «for få»."
        ),
        fewest=SMALL_GROUP_WORD,
    ),
)
REACH = Definition(
    "reach",
    _("Ledere nådd"),
    format_lazy(
        _(
            "Andelen som møtte på minst ett seminar i halvåret, av dem som ledet en enhet i "
            "virksomheten den dagen det ble talt. Gjelder det siste halvåret som ligger helt i "
            "perioden. Vises når oppmøtet er ført for minst {fewest_twice} av lederne."
        ),
        fewest_twice=TWO_SMALL_GROUPS_WORD,
    ),
)
AGREEMENTS = Definition(
    "agreements",
    _("Avtaler signert"),
    format_lazy(
        _(
            "Medarbeidere som har fått sin første avtale i virksomheten signert av begge. Telles i "
            "halvårene som er over og ligger helt i perioden. Antallet vises når minst {fewest} "
            "har fått signert og minst {fewest} av dem som jobbet der ved halvårets slutt, ikke "
            "har det. Ellers står det «minst» eller «for få». Hva avtalene sier, er det bare "
            "partene som kan lese."
        ),
        fewest=SMALL_GROUP_WORD,
    ),
)
DEFINITIONS = [*COUNTED, ATTENDED, REACH, AGREEMENTS]
SMALL_NUMBERS = format_lazy(
    _(
        "Tall om oppmøte og avtaler skjules når de ville sagt noe om færre enn {fewest} personer, "
        "eller om alle unntatt færre enn {fewest}. Da står det «minst» eller «for få». «–» betyr "
        "at perioden ikke rommer et halvår som er telt. Summene er av det som vises."
    ),
    fewest=SMALL_GROUP_WORD,
)
TOO_FEW = _("for få")
WITHOUT_AGENCY = _("Uten virksomhet")
NOT_COUNTED = "–"
"""No half-year in the period is counted: a matter of the calendar, and the same for everybody."""


def came_in_words(attendance: AttendanceSummary | None) -> str:
    """«26», «minst 26» or «for få»."""
    return NOT_COUNTED if attendance is None else _count_in_words(attendance.came)


def reach_in_words(attendance: AttendanceSummary | None) -> str:
    """«42 %», «minst 42 %» or «for få»."""
    if attendance is None:
        return NOT_COUNTED
    return _in_words(percent(attendance.reach.percent), attendance.reach.came)


def signed_in_words(agreements: Bounds | None) -> str:
    """«1 234», «minst 1 234» or «for få»."""
    return NOT_COUNTED if agreements is None else _count_in_words(agreements)


def _count_in_words(bounds: Bounds) -> str:
    return _in_words(number(bounds.at_least), bounds)


def _in_words(figure: str, bounds: Bounds) -> str:
    if bounds.at_least == 0:
        return str(TOO_FEW)
    return figure if bounds.is_exact else _now("minst %(count)s") % {"count": figure}
