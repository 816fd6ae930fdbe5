"""The mail server itself: one connection for several letters, and rest for a server in trouble.

A letter to a server that is down waits for the time limit and fails, and so do the 600 behind it,
each with one attempt less. So faults in a row of the server are counted in one row; at some of them
nothing more is said to it for a while, then a single letter tries, and the first that gets through
opens the way for all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import smtplib
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from outbox.models import MailServer

FAULTS_BEFORE_REST = 3
RESTS = [dt.timedelta(minutes=m) for m in (1, 2, 5, 10)]
"""How long it is left alone after that many faults in a row, and after each fault more."""


class UnreachableError(Exception):
    """The server could not be reached or does not let the portal in: no letter was spoken of."""


class Line:
    """A connection that is opened when it is first needed, and anew when the server ended it."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._has_served = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand the message to the server.

        Raises UnreachableError when no connection could be had, and smtplib's errors for what the
        server says of this message. After any fault the next message has a new connection.
        """
        try:
            self._hand_in(message)
        except Exception as error:
            was_kept = self._has_served
            self.hang_up()
            if not (was_kept and _has_had_enough(error)):
                raise
            self._hand_in(message)
        self._has_served = True

    def hang_up(self) -> None:
        connection, self._connection, self._has_served = self._connection, None, False
        if connection is not None:
            with contextlib.suppress(OSError):  # it was lost already
                connection.close()

    def _hand_in(self, message: EmailMultiAlternatives) -> None:
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except OSError as error:  # smtplib's own are of this kind
                raise UnreachableError from error
            self._connection = connection
        self._connection.send_messages([message])


def _has_had_enough(error: Exception) -> bool:
    """A server that ends a connection after so many letters or so long is not at fault."""
    is_last_word = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code == 421
    return is_last_word or isinstance(error, smtplib.SMTPServerDisconnected)


def is_at_fault(error: Exception) -> bool:
    """Whether the error may well have met any other letter: the server's fault, or our set-up's.

    5.7.x is a matter of security or policy (RFC 3463, 3.8). A relay that refuses everybody says so,
    and one that refuses a single letter as well: only several in a row tell.
    """
    if isinstance(error, UnreachableError | smtplib.SMTPSenderRefused):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_policy(*answer) for answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == 421 or _is_policy(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def _is_policy(code: int, words: bytes | str) -> bool:
    said = words if isinstance(words, bytes) else words.encode(errors="replace")
    return code >= 500 and said.lstrip().startswith(b"5.7.")


def state() -> MailServer:
    """Return how it has fared, which for a new portal is well."""
    server: MailServer = MailServer.objects.get_or_create(only=True)[0]
    return server


@transaction.atomic
def note_fault(words: str, *, now: dt.datetime) -> None:
    """Count a fault; at the third in a row, and at each after it, the server is left alone."""
    state()
    server = MailServer.objects.select_for_update().get()
    server.faults += 1
    server.last_fault = words
    beyond = server.faults - FAULTS_BEFORE_REST
    if beyond >= 0:
        server.rests_until = now + RESTS[min(beyond, len(RESTS) - 1)]
    server.save(update_fields=["faults", "last_fault", "rests_until"])


def note_success() -> None:
    """A letter got through: whatever was wrong with the server is no longer."""
    MailServer.objects.filter(faults__gt=0).update(faults=0, rests_until=None, last_fault="")


def is_on_trial(server: MailServer) -> bool:
    """Whether a single letter is to try it: it has rested, and nothing has got through since."""
    return server.faults >= FAULTS_BEFORE_REST
