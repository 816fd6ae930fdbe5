"""How a seminar looks to those who may register and to those it is not for, without being one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from seminars.eligibility import Welcome, leaves_somebody_out, welcome_of_audiences
from seminars.models import Seminar, SeminarState
from seminars.participant_status import ParticipantStatus, status_of_newcomer
from seminars.refusals import NotChangeable

INVITED, OUTSIDE = "leder", "utenfor"
"""As the address says whom it is shown as."""


def closed_to_preview(seminar: Seminar) -> NotChangeable | None:
    """What stops the organiser from seeing it as somebody new would."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst, så bare de som var med, ser det."))
    return None


def show_as_published(seminar: Seminar) -> None:
    """Make a draft look as it would if it were published now; it must not be saved after that.

    Nor does the page say what is about the organiser alone.
    """
    seminar.state = SeminarState.PUBLISHED
    seminar.has_clash = False


def status_as(shown_as: str, seminar: Seminar, now: dt.datetime) -> ParticipantStatus:
    if shown_as == OUTSIDE:
        return status_of_newcomer(seminar, Welcome(False, seminar.registration_opens_at), now)
    return status_of_newcomer(seminar, welcome_of_audiences(seminar), now)


def known_viewer(asked: str, seminar: Seminar) -> str:
    """Return whom it is shown as: nobody is outside what is for everybody."""
    return OUTSIDE if asked == OUTSIDE and leaves_somebody_out(seminar) else INVITED


def tabs_of(seminar: Seminar, shown_as: str) -> list[dict[str, Any]]:
    choices = [(INVITED, _("En leder som kan melde seg på"))]
    if leaves_somebody_out(seminar):
        choices.append((OUTSIDE, _("En som ikke er i målgruppen")))
    return [
        {"text": text, "href": f"?som={name}", "active": name == shown_as} for name, text in choices
    ]
