"""What pages show of a seminar's sessions: the common ones, and those to choose between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext

from common.numbers import number
from seminars.models import Registration, Seminar, Session


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as this person may see it: the link is for those who go to it."""

    session: Session
    seats: str = ""
    is_chosen: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class SessionList:
    """A session for everybody, or a choice and what there is to choose between."""

    title: str
    lines: list[SessionLine] = field(default_factory=list)
    is_choice: bool = False


def parts_of(
    seminar: Seminar, sessions: Iterable[Session], registration: Registration | None
) -> list[SessionList]:
    """In the order of the day; a choice stands where its first session does.

    Without choices it asks for nothing more; with them, for their seats and for what is chosen.
    """
    if not seminar.has_choices:
        return _common(sessions, registration)
    chosen: set[int] = set()
    if registration is not None:
        chosen = set(registration.choices.values_list("session", flat=True))
    counted = seminar.sessions.with_seats_taken()
    return _with_choices(counted, registration, chosen)


def _common(sessions: Iterable[Session], registration: Registration | None) -> list[SessionList]:
    return [
        SessionList(one.title, [SessionLine(one, link=_link(one, registration))])
        for one in sessions
    ]


def _with_choices(
    sessions: Iterable[Session], registration: Registration | None, chosen: set[int]
) -> list[SessionList]:
    parts: list[SessionList] = []
    choices: dict[int, SessionList] = {}
    for one in sessions:
        if one.choice_group is None:
            parts += _common([one], registration)
            continue
        part = choices.get(one.choice_group.pk)
        if part is None:
            part = choices[one.choice_group.pk] = SessionList(
                one.choice_group.title, is_choice=True
            )
            parts.append(part)
        is_chosen = one.pk in chosen
        link = _link(one, registration) if is_chosen else ""
        part.lines.append(SessionLine(one, room_left(one), is_chosen, link))
    return parts


def room_left(session: Session) -> str:
    """For a parallel session read `with_seats_taken`."""
    if not session.seats_left:
        return gettext("Fullt")
    return ngettext(
        "%(left)s av %(capacity)s plass ledig",
        "%(left)s av %(capacity)s plasser ledige",
        session.capacity or 0,
    ) % {"left": number(session.seats_left), "capacity": number(session.capacity or 0)}


def _link(session: Session, registration: Registration | None) -> str:
    """Its own alone: the seminar's stands among the seminar's facts."""
    return session.meeting_url if registration is not None and registration.has_seat else ""


@dataclass(frozen=True, slots=True)
class Count:
    choice: str
    session: Session
    wished: int


def counts_by_session(seminar: Seminar) -> list[Count]:
    """For the organiser: how many go to each parallel session, and how many wait and wish to."""
    if not seminar.has_choices:
        return []
    return [
        Count(str(one.choice_group), one, one.wished)
        for one in seminar.sessions.parallel().with_seats_taken().with_wishes()
    ]
