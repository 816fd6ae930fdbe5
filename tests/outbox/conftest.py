"""A mail server of our own, over a real socket, that can be told how to answer."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from outbox import tasks
from tests.machine import free_port, port_where_nobody_answers


@dataclass
class PostOffice:
    """What was handed in, byte by byte, and the answers it is to give."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    answer_to_recipient: str = ""
    answer_to_data: str = "250 OK"
    seconds_to_think: float = 0
    before_answer: Callable[[], None] = lambda: None
    refused: set[str] = field(default_factory=set)
    hangs_on: set[str] = field(default_factory=set)
    letters_a_connection: int = 0
    peers: dict[Any, int] = field(default_factory=dict)
    """How many letters each connection has brought."""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        if address in self.refused:
            return "550 5.1.1 No such user"
        if address in self.hangs_on:
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        brought = self.peers[session.peer] = self.peers.get(session.peer, 0) + 1
        if self.letters_a_connection and brought > self.letters_a_connection:
            return "421 4.7.0 Too many letters in one connection"
        if self.answer_to_data.startswith("250"):
            self.received.append(envelope.original_content)
        self.before_answer()
        await asyncio.sleep(self.seconds_to_think)
        return self.answer_to_data

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[misc]
            for content in self.received
        ]

    @property
    def message_ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    """The mail server that the portal's settings point at while the test runs."""
    with open_post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.EMAIL_TIMEOUT = 60
        settings.DEFAULT_FROM_EMAIL = "Lederportalen <lederportalen@example.org>"
        yield office


@pytest.fixture
def no_mail_server(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with port_where_nobody_answers() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield


@pytest.fixture(autouse=True)
def rested_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that failed one test is asked again in the next."""
    monkeypatch.setattr(tasks, "_broker_rests_until", 0.0)
