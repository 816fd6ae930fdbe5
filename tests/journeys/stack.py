"""Everything that runs when the portal runs: web, worker, beat and a mail server, all real."""

from __future__ import annotations

import email
import email.policy
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.utils import timezone

from common import queues
from devtools.embedded.processes import die_with_parent
from devtools.server import GRANIAN_OPTIONS
from outbox.models import Letter, LetterState
from outbox.tasks import sweep_letters
from portal.celery import app
from tests.machine import free_port, wait_for

BIN = Path(sys.executable).parent
LOG_TAIL = 6000


@dataclass
class Morning:
    """Sends what waits until people are at work: a journey takes its way at any hour."""

    again_at: float = 0

    def comes(self) -> None:
        if time.monotonic() < self.again_at:
            return
        self.again_at = time.monotonic() + 0.5
        now = timezone.now()
        waiting = Letter.objects.filter(
            state=LetterState.QUEUED, attempts=0, next_attempt_at__gt=now
        )
        if waiting.update(next_attempt_at=now):
            sweep_letters.delay()


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
        morning = Morning()

        def arrived() -> EmailMessage | None:
            fitting = (m for m in self.letters_to(address) if subject in m["Subject"])
            found = next(fitting, None)
            if found is None:
                morning.comes()
            return found

        try:
            return wait_for(arrived)
        except AssertionError:
            came = [(message["To"], message["Subject"]) for message in self.messages]
            raise AssertionError(f"no «{subject}» for {address}; what came: {came}") from None


@dataclass(frozen=True)
class Stack:
    url: str
    mailbox: Mailbox


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz/work", timeout=10) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


def is_at_rest() -> bool:
    """Looked at twice: a task that a worker has just taken is for a moment nowhere to be seen."""
    if not looks_at_rest():
        return False
    time.sleep(0.1)
    return looks_at_rest()


def looks_at_rest() -> bool:
    """Nothing is queued or in a worker's hands, and nobody else is asking the database."""
    with app.connection_for_read() as broker:
        client = broker.default_channel.client
        if any(client.llen(queue) for queue in queues.ALL) or client.hlen("unacked"):
            return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND state <> 'idle')"
        )
        return bool(cursor.fetchone()[0])


def log_path() -> Path:
    """Where they write; each of pytest's processes runs its own."""
    return Path(settings.VAR_DIR) / f"journeys-{settings.WORKER}.log"


def log_since(start: int) -> str:
    """What web, worker and beat have said since the log was so long, the last of it."""
    if not log_path().exists():
        return ""
    return log_path().read_bytes()[start:].decode(errors="replace")[-LOG_TAIL:]


@contextmanager
def processes(
    commands: list[list[str]], environment: dict[str, str]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    log = log_path().open("ab")
    started = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        for command in commands
    ]
    try:
        yield started
    finally:
        for process in started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            try:
                process.wait(timeout=30)
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
    length = log_path().stat().st_size if log_path().exists() else 0
    schedule = str(Path(settings.VAR_DIR) / f"journeys-beat-{settings.WORKER}")
    web = ["granian", *GRANIAN_OPTIONS, "--host", "127.0.0.1", "--port", str(port)]
    commands = [
        [str(BIN / "python"), "-m", *web, "portal.asgi:application"],
        [str(BIN / "celery"), "-A", "portal", "worker", "--concurrency", "1"],
        [str(BIN / "celery"), "-A", "portal", "beat", "--schedule", schedule],
    ]
    try:
        with processes(commands, environment) as started:

            def has_begun() -> bool:
                ended = [" ".join(one.args) for one in started if one.poll() is not None]
                assert ended == [], log_since(length)
                return is_ready(url)

            wait_for(has_begun, seconds=300)
            yield Stack(url, mailbox)
    finally:
        mail.stop()
