"""How long a second `script/server` takes to its first page, when all is made and loaded."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from django.conf import settings

from benchmarks.report import Report
from benchmarks.seed import prepare_with_people
from benchmarks.size import Size
from devtools.embedded.processes import die_with_parent
from tests.machine import free_port

PROJECT = Path(__file__).resolve().parents[1]
SECOND_START_SECONDS = 10
MOST_SECONDS = 900
"""A first start on a machine that is busy with other things; beyond that something is wrong."""


def run(report: Report, size: Size) -> None:
    if size.starts == 1:
        prepare_with_people(size)
        second_start(report, str(settings.VAR_DIR))
        return
    with tempfile.TemporaryDirectory() as folder:
        report.note("first start …")
        first_page_after(folder)
        second_start(report, folder)


def second_start(report: Report, folder: str) -> None:
    report.note("second start …")
    report.add("start.second", first_page_after(folder), "s", most=SECOND_START_SECONDS)


def first_page_after(folder: str) -> float:
    """Seconds from the command to the sign-in page; the server is stopped again."""
    port = free_port()
    start = time.perf_counter()
    server = subprocess.Popen(
        ["script/server"],
        cwd=PROJECT,
        preexec_fn=die_with_parent(signal.SIGTERM),
        env=os.environ | {"VAR_DIR": folder, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(f"http://localhost:{port}/"):
            if server.poll() is not None:
                raise RuntimeError(f"script/server ended by itself, with {server.returncode}")
            if time.perf_counter() - start > MOST_SECONDS:
                raise RuntimeError(f"script/server shows no page after {MOST_SECONDS} s")
            time.sleep(0.05)
        return time.perf_counter() - start
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as page:  # noqa: S310
            return bool(page.status == 200)
    except OSError:
        return False
