"""What a certificate says, in words: the same on the document, on pages and in letters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.numbers import grouped
from certificates.snapshot import CertificateFacts
from common import dates
from common.numbers import NO_BREAK, number


def hours_in_words(minutes: int) -> str:
    """«6 timer», «1,5 time», «45 minutter»."""
    if minutes < 60:
        return ngettext("%(minutes)s minutt", "%(minutes)s minutter", minutes) % {
            "minutes": number(minutes)
        }
    hours = Decimal(minutes) / 60
    shown = number(hours.quantize(Decimal("0.01")).normalize() if minutes % 60 else minutes // 60)
    # In Norwegian as in English one and a half are several.
    return ngettext("%(hours)s time", "%(hours)s timer", 1 if minutes == 60 else 2) % {
        "hours": shown
    }


def days_in_words(days: list[dt.date]) -> str:
    """«24. november 2026»; by their first and last where they are more than two."""
    if len(days) <= 1:
        return dates.long_date(days[0]) if days else ""
    if len(days) == 2:
        words = _("%(first)s og %(last)s")
    else:
        words = _("%(number)s dager fra %(first)s til %(last)s")
    return words % {
        "number": number(len(days)),
        "first": dates.long_date(days[0]),
        "last": dates.long_date(days[-1]),
    }


def extent_in_words(facts: CertificateFacts) -> str:
    """Whether they came to all of it, and for how long."""
    hours = hours_in_words(facts.minutes)
    words = _("Hele seminaret, %(hours)s") if facts.is_whole else _("Deler av seminaret, %(hours)s")
    return words % {"hours": hours.replace(" ", NO_BREAK)}


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """What pages show of a certificate; the name is for whoever may read it, and not in here."""

    number: str
    title: str
    organiser: str
    days: str
    extent: str
    issued_at: dt.datetime


def words_of(facts: CertificateFacts) -> CertificateWords:
    """Return what pages show, in the reader's language and not in the certificate's."""
    return CertificateWords(
        number=grouped(facts.number),
        title=facts.seminar_title,
        organiser=facts.organiser,
        days=days_in_words(facts.days),
        extent=extent_in_words(facts),
        issued_at=facts.issued_at,
    )
