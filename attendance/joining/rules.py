"""When going into a digital meeting counts as having come, and which meeting somebody goes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from attendance.door.rules import closed_to_scans, opens_at
from attendance.refusals import DoorIsClosed
from common import dates
from seminars.models import Registration, Session

COUNTS_BEFORE = dt.timedelta(minutes=30)
"""So long before it begins. Whoever tries the link in the morning has not come to the afternoon."""


def counts_from(session: Session) -> dt.datetime:
    """Return the first moment at which it counts: within the door's hours too."""
    return max(session.starts_at - COUNTS_BEFORE, opens_at(session))


def closed_to_counting(session: Session, now: dt.datetime) -> DoorIsClosed | None:
    """What keeps going in from being recorded: the meeting itself may be open all the same."""
    refusal = closed_to_scans(session.seminar, session, at=now, now=now)
    if session.seminar.is_published and now < counts_from(session):
        words = _("Oppmøtet ditt blir ført når du går inn herfra %(when)s eller senere.")
        return DoorIsClosed(words % {"when": dates.moment(counts_from(session))})
    if refusal is not None:
        return refusal
    if now >= session.ends_at:
        return DoorIsClosed(_("Samlingen er over, så oppmøtet blir ikke ført."))
    return None


def meetings_of(registration: Registration) -> list[Session]:
    """Return the sessions with a meeting that the person goes to, in order."""
    return [one for one in registration.own_sessions if one.link]


def nearest_meeting(meetings: Sequence[Session], now: dt.datetime) -> Session | None:
    """Return the first that is not over, else the last; None where there is none."""
    last = meetings[-1] if meetings else None
    return next((one for one in meetings if one.is_to_come(now)), last)
