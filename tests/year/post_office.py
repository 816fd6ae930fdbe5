"""Where the year's letters go: what was handed in, and to whom, until the next look at it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings


@dataclass(frozen=True)
class HandedIn:
    to: str
    message_id: str


TAKEN: list[HandedIn] = []


class PostOffice(BaseEmailBackend):
    """Writes each message out as a mail server would get it, and keeps only its envelope."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        for message in messages:
            written = message.message()
            TAKEN.extend(HandedIn(to, written["Message-ID"]) for to in message.recipients())
        return len(messages)


@contextlib.contextmanager
def open_post_office() -> Iterator[list[HandedIn]]:
    TAKEN.clear()
    with override_settings(EMAIL_BACKEND=f"{__name__}.PostOffice"):
        yield TAKEN
