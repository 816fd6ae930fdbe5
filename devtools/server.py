"""`script/server`: the whole portal on one machine, with servers of its own where none are named.

python -m devtools.server
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from django.conf import settings

from common import queues
from devtools import embedded
from devtools.embedded.processes import die_with_parent
from devtools.mail_catcher import MailCatcher
from devtools.supervisor import Program, Supervisor

PROJECT = Path(__file__).resolve().parents[1]
READY_SECONDS = 600
"""A machine that is busy with other things is still told where the portal is. A web server that
ends by itself ends the waiting too."""
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104
WEB_WORKERS = 2
WORKERS = {
    "worker": (queues.AT_ONCE, queues.DUTIES),
    "letters": (queues.SOON, queues.IN_TURN),
}
"""Who takes which queues: no code and no duty waits for letters or a mail server."""
GRANIAN_OPTIONS = (
    "--interface", "asginl", "--no-ws", "--http1-header-read-timeout", "10000",
)  # fmt: skip
"""Without a word of the request within ten seconds the connection is closed."""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with contextlib.ExitStack() as stack:
            if embedded.are_used_by(settings):
                stack.enter_context(embedded.lease(settings.VAR_DIR))
            if not settings.EMAIL_URL:
                catcher = stack.enter_context(MailCatcher(settings.VAR_DIR / "mail"))
                os.environ["EMAIL_URL"] = catcher.url
            prepared = manage("prepare", "--demo")
            if prepared.returncode != 0:
                return prepared.returncode
            return serve()
    except embedded.EmbeddedServicesError as error:
        sys.stderr.write(f"script/server: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def serve() -> int:
    supervisor = Supervisor(programs(), os.environ, sys.stdout)

    def announce() -> None:
        if answers(supervisor):
            supervisor.say(welcome())

    return supervisor.run(announce)


def programs() -> list[Program]:
    python = [sys.executable, "-m"]
    # It warns root of pickled messages, which the portal does not take.
    celery = [sys.executable, "-W", "ignore:::celery.platforms", "-m", "celery"]
    celery += ["-q", "-A", "portal"]
    return [
        Program("web", [
            *python, "granian", *GRANIAN_OPTIONS, "--host", settings.HOST,
            "--port", str(settings.PORT), "--workers", str(WEB_WORKERS),
            "--workers-kill-timeout", "5", "--log-level", "warning",
            "portal.asgi:application",
        ]),
        *(
            Program(name, [
                *celery, "worker", "--concurrency", "2", "--loglevel", "warning",
                "--without-gossip", "--without-mingle",
                "--hostname", f"{name}@%h", "--queues", ",".join(taken),
            ])
            for name, taken in WORKERS.items()
        ),
        Program("beat", [*celery, "beat", "--loglevel", "warning", "--pidfile="]),
    ]  # fmt: skip


def answers(supervisor: Supervisor) -> bool:
    host = "127.0.0.1" if settings.HOST in EVERY_ADDRESS else settings.HOST
    url = f"http://{host}:{settings.PORT}/healthz"
    request = urllib.request.Request(url, headers={"Host": "localhost"})
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping.wait(0.1):
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310 (one of our own)
                return True
        except OSError:
            continue
    return False


def welcome() -> str:
    lines = ["", f"  Lederportalen: {settings.SITE_URL}", ""]
    if settings.DEMO:
        lines += [manage("demo_signins", capture=True).stdout.rstrip(), ""]
    if not settings.EMAIL_URL:
        lines += [f"  Letters are caught in {settings.VAR_DIR / 'mail'}", ""]
    return "\n".join([*lines, "  Ctrl-C stops it.", ""])


def manage(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        stdout=subprocess.PIPE if capture else None,
        text=True,
        start_new_session=True,  # Ctrl-C ends it by way of us, without a trace of where it was
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        answer, _errors = process.communicate()
    except BaseException:
        # `subprocess.run` waits a quarter of a second; as long as it lives it holds the servers.
        process.kill()
        process.wait()
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, answer)


if __name__ == "__main__":
    sys.exit(main())
