"""Until when a seminar can be changed: page and action ask the same."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from seminars.models import Seminar
from seminars.refusals import NotChangeable


def closed_to_change(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from changing it or calling it off."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst og kan ikke endres."))
    if seminar.has_ended(now):
        return NotChangeable(_("Seminaret er over og kan ikke endres."))
    return None
