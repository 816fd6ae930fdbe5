"""Everything that runs when the portal runs: web, worker, beat and a mail server, all real."""

from __future__ import annotations

import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

BIN = Path(sys.executable).parent
T = TypeVar("T")


def wait_for(question: Callable[[], T], *, seconds: float = 30) -> T:
    """Ask until the answer is something, or fail when the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"nothing came of {question} within {seconds} seconds")


@dataclass
class Mailbox:
    """What the mail server has received, parsed."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 OK"

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [
            message
            for message in self.messages
            if message["To"].endswith(f"{address}>") or message["To"] == address
        ]

    def wait_for_letter(self, address: str, *, subject: str) -> EmailMessage:
        """The first letter to this address whose subject holds these words."""

        def arrived() -> EmailMessage | None:
            fitting = (m for m in self.letters_to(address) if subject in m["Subject"])
            return next(fitting, None)

        return wait_for(arrived)


@dataclass(frozen=True)
class Stack:
    url: str
    mailbox: Mailbox


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def processes(commands: list[list[str]], environment: dict[str, str]) -> Iterator[None]:
    log = (Path(settings.VAR_DIR) / "journeys.log").open("ab")
    started = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        log.close()


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Start it all on the test database, and leave no process behind."""
    mailbox = Mailbox()
    mail = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    port = free_port()
    url = f"http://localhost:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "JOURNEY_DATABASE": connection.settings_dict["NAME"],
        "JOURNEY_SITE": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
    }
    schedule = str(Path(settings.VAR_DIR) / "journeys-beat")
    web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    commands = [
        [str(BIN / "python"), "-m", *web, "portal.wsgi:application"],
        [str(BIN / "celery"), "-A", "portal", "worker", "--concurrency", "1"],
        [str(BIN / "celery"), "-A", "portal", "beat", "--schedule", schedule],
    ]
    try:
        with processes(commands, environment):
            wait_for(lambda: is_ready(url), seconds=60)
            yield Stack(url, mailbox)
    finally:
        mail.stop()
