"""Whether registration is open, to whom, and how that is said: page and action ask the same.

Who belongs to a seminar's audiences, and from when they may register, is told by `eligibility`.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common import dates
from common.errors import Refused
from seminars.eligibility import Welcome
from seminars.models import Seminar
from seminars.refusals import NotChangeable, NotOpen, not_for_them


def closed_to_all(seminar: Seminar, now: dt.datetime) -> NotOpen | None:
    """What stops the organiser too: nobody gets a seat in these states."""
    if seminar.is_draft:
        return NotOpen(_("Seminaret er ikke publisert ennå."))
    if seminar.is_cancelled:
        return NotOpen(_("Seminaret er avlyst."))
    if seminar.has_ended(now):
        return NotOpen(_("Seminaret er over."))
    return None


def closed_to_leaders(
    seminar: Seminar, now: dt.datetime, welcome: Welcome | None = None
) -> Refused | None:
    """What stops a person from registering; None when the door is open."""
    refusal = closed_to_all(seminar, now)
    if refusal is not None:
        return refusal
    if not seminar.takes_newcomers(now):
        return NotOpen(started_in_words(seminar, now))
    if welcome is not None and not welcome.is_welcome:
        return not_for_them()
    opens_at = seminar.registration_opens_at if welcome is None else welcome.opens_at
    if now < opens_at:
        when = dates.moment(opens_at)
        return NotOpen(_("Påmeldingen åpner %(when)s.") % {"when": when})
    if now > seminar.registration_closes_at:
        when = dates.moment(seminar.registration_closes_at)
        return NotOpen(_("Påmeldingsfristen gikk ut %(when)s.") % {"when": when})
    return None


def started_in_words(seminar: Seminar, now: dt.datetime) -> str:
    """Why nobody new comes in any more."""
    if seminar.has_several_gatherings and not seminar.has_gathering_to_come(now):
        return _("Den siste samlingen har startet.")
    return _("Seminaret har startet.")


def closed_to_leaving(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops a person from giving up their place, and the organiser from taking it away.

    Between two gatherings both may: there is something left to stay away from.
    """
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst, så det er ingen påmelding å ta bort."))
    if seminar.has_gathering_to_come(now):
        return None
    if seminar.has_several_gatherings:
        return NotChangeable(
            _("Den siste samlingen har startet, så påmeldingen kan ikke tas bort.")
        )
    return NotChangeable(_("Seminaret har startet, så påmeldingen kan ikke tas bort."))


def opening_in_words(seminar: Seminar, now: dt.datetime) -> str:
    """What publishing it would mean."""
    if not has_opened(seminar, now):
        when = dates.moment(seminar.registration_opens_at)
        return _("Påmeldingen åpner %(when)s.") % {"when": when}
    if now > seminar.registration_closes_at:
        return _("Påmeldingsfristen er gått ut, så ingen kan melde seg på selv.")
    return _("Påmeldingen er åpen fra du publiserer.")


def has_opened(seminar: Seminar, now: dt.datetime) -> bool:
    """To whoever may register first of all."""
    return now >= seminar.registration_opens_at
