"""Errors by letter to those who run the portal: what the log says, and no more."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.core.mail import mail_admins

QUIET_SECONDS = 600
"""One place writes once in ten minutes: a database that is away is one letter, not a thousand."""


class AdminLetters(logging.Handler):
    """In place of Django's own, whose letters hold local variables and what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or not self._is_news(record):
            return
        subject = f"{record.levelname}: {record.name}"
        text = self.format(record)
        # Not while somebody waits for a page: a mail server that hangs would hold it.
        threading.Thread(target=_send, args=(subject, text), daemon=True).start()

    def _is_news(self, record: logging.LogRecord) -> bool:
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._last.get(place, -QUIET_SECONDS) < QUIET_SECONDS:
            return False
        self._last[place] = now
        return True


def _send(subject: str, text: str) -> None:
    mail_admins(subject, text, fail_silently=True)
