"""Which of the sessions held side by side a person goes to, whatever way they came in.

Whoever registers on their own chooses, and is refused when the session is full. Whoever waited has
what they wished for when it has room; everybody else goes where there is most room, is told, and
may choose anew. A choice has room for the whole hall, so there is always one to give.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby

from django.utils.translation import gettext as _

from seminars.models import HOLDS_SEAT, Registration, Seminar, Session, SessionChoice
from seminars.refusals import SessionIsFull

Choices = Mapping[int, int]
"""By choice group: the session."""


def place_in_sessions(
    registration: Registration, wishes: Choices, *, now: dt.datetime, is_strict: bool = False
) -> None:
    """Under the seminar's lock, once the person has a seat or is about to.

    Raises SessionIsFull when `is_strict` and what was chosen has no seat left.
    """
    if not registration.seminar.has_choices:
        return
    present = {choice.group_id: choice for choice in registration.choices.all()}
    for group_id, options in sessions_by_group(registration.seminar):
        choice = present.get(group_id) or SessionChoice(
            registration=registration, group_id=group_id
        )
        seated_in = None if registration.is_waiting else choice.session_id
        if seated_in and group_id not in wishes:
            continue
        wished = wishes.get(group_id, choice.session_id)
        session = _with_room(options, wished, keeps=seated_in, is_strict=is_strict)
        _write(choice, session, is_assigned=session.pk != wished, now=now)
    _forget_read(registration)


def wish_for_sessions(registration: Registration, wishes: Choices, *, now: dt.datetime) -> None:
    """A wish takes no seat while one waits, so a full session may be wished for too."""
    if not registration.seminar.has_choices:
        return
    present = {choice.group_id: choice for choice in registration.choices.all()}
    for group_id, options in sessions_by_group(registration.seminar):
        wished = next((one for one in options if one.pk == wishes.get(group_id)), None)
        if wished is not None:
            choice = present.get(group_id) or SessionChoice(
                registration=registration, group_id=group_id
            )
            _write(choice, wished, is_assigned=False, now=now)
    _forget_read(registration)


def place_everyone(seminar: Seminar, *, now: dt.datetime) -> None:
    """Those with a seat who have none in a choice, because it is new or theirs was dropped."""
    groups = seminar.choice_groups.count()
    seated = Registration.objects.filter(seminar=seminar, state__in=HOLDS_SEAT)
    for registration in seated.prefetch_related("choices").order_by("pk"):
        registration.seminar = seminar
        if len(registration.choices.all()) < groups:
            place_in_sessions(registration, {}, now=now)


def sessions_by_group(seminar: Seminar) -> Iterable[tuple[int, list[Session]]]:
    sessions = seminar.sessions.parallel().with_seats_taken()
    for group_id, options in groupby(sessions, key=lambda one: one.choice_group_id):
        assert group_id is not None  # noqa: S101
        yield group_id, list(options)


def _with_room(
    options: list[Session], wished: int | None, *, keeps: int | None, is_strict: bool
) -> Session:
    """What was wished for, or where there is most room; a seat one has is never in one's way."""
    session = next((one for one in options if one.pk == wished), None)
    if session is not None and (session.seats_left or session.pk == keeps):
        return session
    if session is not None and is_strict:
        raise session_is_full(session)
    return max(options, key=lambda one: one.seats_left)


def session_is_full(session: Session) -> SessionIsFull:
    return SessionIsFull(_("«%(session)s» er full. Velg en annen.") % {"session": session}, session)


def _write(choice: SessionChoice, session: Session, *, is_assigned: bool, now: dt.datetime) -> None:
    if choice.pk and choice.session_id == session.pk and choice.is_assigned == is_assigned:
        return
    choice.session = session
    choice.is_assigned = is_assigned
    choice.chosen_at = now
    choice.save()


def _forget_read(registration: Registration) -> None:
    """So that the letters read what stands there now."""
    registration.__dict__.pop("own_sessions", None)
    getattr(registration, "_prefetched_objects_cache", {}).pop("choices", None)
