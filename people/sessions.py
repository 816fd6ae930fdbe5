"""Sessions, kept in the database and nowhere else.

A copy in the cache made each page wait for the cache's client instead, which takes longer than
PostgreSQL's answer to a prepared question; and what is ended is ended in one place.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from common.prepared import Prepared, given_moment, given_text

_SESSION: Prepared[Session] = Prepared(
    lambda: Session.objects.filter(
        session_key=given_text("key"), expire_date__gt=given_moment("now")
    )
)


SESSIONS_KEPT = 2_000


@lru_cache(SESSIONS_KEPT)
def _contents(signed: str) -> str:
    """What was signed is what is read, however often; each request gets a copy of its own."""
    return json.dumps(db.SessionStore().decode(signed))


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        session = self._found()
        if session is None:
            self._session_key = None
            return {}
        contents: dict[str, Any] = json.loads(_contents(session.session_data))
        return contents

    def _found(self) -> Session | None:
        """The request's first question, and so its check of the connection that was kept open:
        Django would send one ahead of it, and each page would wait for both."""
        is_first = not connection.in_atomic_block
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return self._asked_for()
        except (OperationalError, InterfaceError):
            if not is_first:
                raise
            connection.close()
            return self._asked_for()

    def _asked_for(self) -> Session | None:
        return _SESSION.first(key=self.session_key, now=timezone.now())
