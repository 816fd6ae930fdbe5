"""Granian beside gunicorn on the portal's real pages, signed in, over kept-open connections.

Both get two processes of four threads, as script/server gives. The limits are gunicorn's
figures from the same run: for requests a second 1 is the least wished for, for waiting and for
the processor the most. The processor's time for a request is the figure to go by where other
work disturbs the clock.
"""

from __future__ import annotations

import http.client
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import reverse

from benchmarks.report import Report
from benchmarks.seed import prepare_with_people
from benchmarks.size import Size
from devtools.embedded.processes import die_with_parent
from devtools.server import GRANIAN_OPTIONS
from people.models import Leadership
from tests.machine import free_port

CONNECTIONS = 8
WORKERS = 2
THREADS = 4
HOST = "127.0.0.1"
APPLICATION = "portal.wsgi:application"


def run(report: Report, size: Size) -> None:
    prepare_with_people(size)
    cookie = signed_in_leader()
    pages = {
        "sign-in page": (reverse("account_login"), ""),
        "my page": (reverse("home"), cookie),
        "seminar list": (reverse("seminars:list"), cookie),
        "stylesheet": (staticfiles_storage.url("punkt/css/pkt.min.css"), ""),
    }
    # The one that is not asked costs nothing meanwhile.
    with serving("gunicorn") as gunicorn, serving("granian") as granian:
        for name, (path, cookies) in pages.items():
            report.note(f"{name} …")
            other = asked(gunicorn, path, cookies, size)
            ours = asked(granian, path, cookies, size)
            report.add(f"granian, {name}", ours[0], "requests/s", beside=other[0])
            report.add(f"granian, {name}, 95 % wait at most", ours[1], "ms", beside=other[1])
            report.add(f"granian, {name}, processor a request", ours[2], "ms", beside=other[2])


def asked(
    server: tuple[int, int], path: str, cookies: str, size: Size
) -> tuple[float, float, float]:
    """Requests a second, the wait of 95 in 100, and the processor's milliseconds for one."""
    port, session = server
    measure(port, path, cookies, size.warm_up_seconds)
    before = processor_seconds(session)
    rate, wait = measure(port, path, cookies, size.seconds)
    used = (processor_seconds(session) - before) * 1000 / (rate * size.seconds)
    return rate, wait, used


def signed_in_leader() -> str:
    client = Client()
    leadership = Leadership.objects.filter(valid_to__isnull=True).order_by("pk").first()
    assert leadership is not None  # noqa: S101
    client.force_login(leadership.user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def command(server: str, port: int, application: str = APPLICATION) -> list[str]:
    python = [sys.executable, "-m", server]
    if server == "gunicorn":
        return [
            *python, "--bind", f"{HOST}:{port}", "--workers", str(WORKERS),
            "--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "30",
            "--log-level", "warning", application,
        ]  # fmt: skip
    if application == APPLICATION:
        application = "portal.asgi:application"
    return [
        *python, *GRANIAN_OPTIONS, "--host", HOST, "--port", str(port),
        "--workers", str(WORKERS),
        "--workers-kill-timeout", "5", "--log-level", "warning", application,
    ]  # fmt: skip


@contextmanager
def serving(server: str, application: str = APPLICATION) -> Iterator[tuple[int, int]]:
    """The port it listens on, and the session that all its processes are in."""
    port = free_port()
    line = command(server, port, application)
    process = subprocess.Popen(
        line,
        env=os.environ,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        wait_until_it_answers(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def processor_seconds(session: int) -> float:
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if get(http.client.HTTPConnection(HOST, port, timeout=5), "/healthz", "") == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


def get(connection: http.client.HTTPConnection, path: str, cookies: str) -> int:
    headers = {"Host": "localhost", "Cookie": cookies, "Accept-Encoding": "br"}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status


def measure(port: int, path: str, cookies: str, seconds: float) -> tuple[float, float]:
    """Requests a second, and how many milliseconds 95 of 100 waited at most.

    Each connection asks once at least, however short the time is.
    """
    waits: list[float] = []
    faults: list[object] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        is_over = False
        while not is_over:
            start = time.perf_counter()
            status = get(connection, path, cookies)
            waits.append(time.perf_counter() - start)
            if status != 200:
                faults.append(status)
            is_over = time.perf_counter() > until

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{path} answered {faults[0]}")
    return len(waits) / seconds, statistics.quantiles(waits, n=20)[-1] * 1000
