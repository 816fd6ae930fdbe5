"""The code on the hall's screen: an address that opens for half a minute, and then another does."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from attendance.codes import key_of
from attendance.door.rules import is_open
from seminars.models import Session

CHANGES_EVERY = 30
"""Seconds that one code is shown."""
STEPS_VALID = 2
"""The one that is shown and the one before: nobody who has just scanned comes too late."""
OPENED_FOR = dt.timedelta(minutes=15)
"""How long whoever opened it in time may take to sign in and press."""


def token_of(session: Session, now: dt.datetime) -> str:
    """Return the token that the screen shows now."""
    return _token(session, _step(now))


def is_shown(session_pk: int, token: str, now: dt.datetime) -> bool:
    """Tell whether the session's screen shows the token, or showed it until just now."""
    session = Session.objects.select_related("seminar").filter(pk=session_pk).first()
    if session is None or not is_open(session, now):
        return False
    step = _step(now)
    valid = [_token(session, step - behind) for behind in range(STEPS_VALID)]
    return any(hmac.compare_digest(token.encode(), one.encode()) for one in valid)


def _step(now: dt.datetime) -> int:
    return int(now.timestamp()) // CHANGES_EVERY


def _token(session: Session, step: int) -> str:
    said = f"screen:{session.pk}:{step}".encode()
    digest = hmac.digest(key_of(session.seminar), said, hashlib.sha256)
    return base64.b32encode(digest[:10]).decode().lower()
