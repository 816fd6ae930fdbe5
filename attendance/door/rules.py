"""When a door is open, and what is said of whoever comes to it: pure, with the door's own words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from attendance.refusals import DoorIsClosed
from common import dates
from seminars.models import Registration, RegistrationState, Seminar, Session

SENT_UNTIL = dt.timedelta(days=2)
"""How long after a session a device without a network may still send what it saw there."""
UNDONE_WITHIN = dt.timedelta(minutes=1)
"""How long whoever let somebody in may take it back with one press."""


def opens_at(session: Session) -> dt.datetime:
    """Return when its door opens: as its day begins in Oslo."""
    start = dates.local(session.starts_at)
    return dt.datetime.combine(start.date(), dt.time.min, dates.OSLO)


def closes_at(session: Session) -> dt.datetime:
    """Return when its door closes: as the day ends on which the session does."""
    end = dates.local(session.ends_at)
    return dt.datetime.combine(end.date() + dt.timedelta(days=1), dt.time.min, dates.OSLO)


def is_open(session: Session, now: dt.datetime) -> bool:
    return opens_at(session) <= now < closes_at(session)


def closed_to_scans(
    seminar: Seminar, session: Session, *, at: dt.datetime, now: dt.datetime
) -> DoorIsClosed | None:
    """What stops somebody who came `at` from being let in, told of `now`."""
    if seminar.is_cancelled:
        return DoorIsClosed(_("Seminaret er avlyst, så ingen kan sjekkes inn."))
    if not seminar.is_published:
        return DoorIsClosed(_("Seminaret er ikke publisert, så ingen kan sjekkes inn."))
    if now < opens_at(session):
        day = dates.day(dates.local(session.starts_at).date())
        return DoorIsClosed(_("Døren åpner %(day)s.") % {"day": day})
    if now >= closes_at(session) + SENT_UNTIL or not is_open(session, at):
        return DoorIsClosed(_("Døren er stengt. Oppmøtet kan rettes fra deltakerlisten."))
    return None


def closed_to_recording_the_rest(session: Session, now: dt.datetime) -> DoorIsClosed | None:
    """What stops those who are not in from being written down as absent: they may still come."""
    refusal = closed_to_scans(session.seminar, session, at=now, now=now)
    if refusal is None and not session.has_started(now):
        return DoorIsClosed(_("Samlingen har ikke begynt ennå, så ingen er borte fra den."))
    return refusal


def happened_at(session: Session, *, device_time: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the device's time where it can be true: while the door was open, and not to come.

    A clock that is wrong says a time that cannot be, and then what is known is when it came in.
    """
    return device_time if is_open(session, device_time) and device_time <= now else now


class DoorAnswer(StrEnum):
    """What the door says, each with a colour, a sound and a word of its own."""

    WELCOME = "welcome"
    ALREADY_IN = "already_in"
    OTHER_SESSION = "other_session"
    WAITING = "waiting"
    UNCERTAIN = "uncertain"
    NOT_REGISTERED = "not_registered"
    OTHER_SEMINAR = "other_seminar"
    UNKNOWN_CODE = "unknown_code"


LET_IN = frozenset({DoorAnswer.WELCOME, DoorAnswer.ALREADY_IN})


@dataclass(frozen=True, slots=True)
class DoorSeat:
    """What the door knows of one person's place."""

    state: str
    is_of_session: bool
    is_in: bool


def door_answer(seat: DoorSeat) -> DoorAnswer:
    """Return what is said of whoever has this place.

    The door in the browser follows the same rules when the network is gone, and
    `tests/attendance/door_answers.json` holds both to the same answers.
    """
    if seat.state == RegistrationState.REGISTERED:
        if not seat.is_of_session:
            return DoorAnswer.OTHER_SESSION
        return DoorAnswer.ALREADY_IN if seat.is_in else DoorAnswer.WELCOME
    if seat.state == RegistrationState.WAITLISTED:
        return DoorAnswer.WAITING
    if seat.state in (RegistrationState.OFFERED, RegistrationState.AWAITING):
        return DoorAnswer.UNCERTAIN
    return DoorAnswer.NOT_REGISTERED


def is_of_session(registration: Registration, session: Session) -> bool:
    """Tell whether the session is one that the person goes to."""
    return any(one.pk == session.pk for one in registration.own_sessions)
