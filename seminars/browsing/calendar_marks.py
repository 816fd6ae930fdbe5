"""How a seminar in the calendar stands with whoever reads: a drawing with a word beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seminars.browsing.cards import full_tag, is_open_for_registration, own_tag
from seminars.models import RegistrationState, Seminar


@dataclass(frozen=True, slots=True)
class MarkKind:
    """What the legend explains; `css` is the last part of the class of its entries."""

    css: str
    icon: str
    words: Promise


OWN = MarkKind("own", icon="check-circle", words=_("Du har plass"))
WAITING = MarkKind("waiting", icon="clock", words=_("Du venter på plass eller svar"))
FULL = MarkKind("full", icon="group", words=_("Fullt"))
CANCELLED = MarkKind("cancelled", icon="prohibited", words=_("Avlyst"))
LEGEND = (OWN, WAITING, FULL, CANCELLED)


@dataclass(frozen=True, slots=True)
class CalendarMark:
    kind: MarkKind
    text: str


def mark_of(seminar: Seminar, now: dt.datetime, *, left: int) -> CalendarMark | None:
    """Return what the calendar says of a seminar, in the words of its card; None where nothing is.

    For one read `with_seat_counts` and `with_own_state`. One's own place goes before the rest,
    and that it is called off before all.
    """
    if seminar.is_cancelled:
        return CalendarMark(CANCELLED, str(CANCELLED.words))
    if own := own_tag(seminar, now):
        is_in = seminar.own_state == RegistrationState.REGISTERED
        return CalendarMark(OWN if is_in else WAITING, own.text)
    if is_open_for_registration(seminar, now) and (full := full_tag(seminar, left)):
        return CalendarMark(FULL, full.text)
    return None
