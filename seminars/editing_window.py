"""Until when what an organiser sets up can be changed: page and action ask the same."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from seminars.models import Seminar
from seminars.publishing_checklist import missing_of
from seminars.refusals import IsDone, NotChangeable


def closed_to_change(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from changing it."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst og kan ikke endres."))
    if seminar.has_ended(now):
        return NotChangeable(_("Seminaret er over og kan ikke endres."))
    return None


def closed_to_publishing(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from showing it to everybody; IsDone when they have."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst og kan ikke publiseres igjen."))
    if not seminar.is_draft:
        return IsDone(_("Seminaret er allerede publisert."))
    if missing := missing_of(seminar, now):
        return NotChangeable(" ".join(remark.text for remark in missing))
    return None


def closed_to_cancelling(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from calling it off; IsDone when they have."""
    if seminar.is_cancelled:
        return IsDone(_("Seminaret er allerede avlyst."))
    if seminar.is_draft:
        return NotChangeable(_("Bare et publisert seminar kan avlyses."))
    if seminar.has_ended(now):
        return NotChangeable(_("Seminaret er over og kan ikke avlyses."))
    return None


def closed_to_discarding(seminar: Seminar) -> NotChangeable | None:
    """What stops the organiser from throwing a draft away: others have seen it."""
    if not seminar.is_draft:
        return NotChangeable(
            _("Bare et utkast kan forkastes. Et seminar som er publisert, kan avlyses.")
        )
    return None


def closed_to_pools(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from holding seats for an agency."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst og kan ikke endres."))
    if not seminar.takes_newcomers(now):
        return NotChangeable(_("Seminaret har startet, så plasser kan ikke holdes av lenger."))
    return None


def closed_to_audiences(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from saying anew whom it is for."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst og kan ikke endres."))
    if not seminar.takes_newcomers(now):
        return NotChangeable(_("Seminaret har startet, så målgruppene kan ikke endres lenger."))
    return None


def closed_to_questions(seminar: Seminar) -> NotChangeable | None:
    """What stops the organiser from asking more."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst og kan ikke endres."))
    return None
