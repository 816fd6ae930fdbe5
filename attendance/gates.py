"""Who may stand at a door."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from people.requests import SignedInRequest
from seminars.gates import helped, organised
from seminars.models import Session


def at_door(request: SignedInRequest, pk: int, session_pk: int) -> Session:
    """Return a session of the seminar, for its hosts and for those who organise it."""
    seminar = helped(request, pk, is_counted=True)
    session: Session = get_object_or_404(seminar.sessions.all(), pk=session_pk)
    session.seminar = seminar
    return session


def organised_session(request: SignedInRequest, pk: int, session_pk: int) -> Session:
    """Return a session of the seminar, for those alone who organise it."""
    seminar = organised(request, pk)
    session: Session = get_object_or_404(seminar.sessions.all(), pk=session_pk)
    session.seminar = seminar
    return session
