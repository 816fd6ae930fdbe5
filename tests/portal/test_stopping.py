"""A pytest that is told to stop, or is killed, leaves nothing running behind it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.machine import is_alive, wait_for

PROJECT = Path(settings.BASE_DIR)
SUITE = """
import os, sys, time
import pytest
from tests.journeys.stack import processes

@pytest.fixture(scope="session")
def started(tmp_path_factory):
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    with processes([sleep, sleep], dict(os.environ)) as running:
        yield [one.pid for one in running]
    open("torn_down", "w").close()

def test_it(started):
    with open("pids.new", "w") as file:
        file.write(" ".join(map(str, started)))
    os.rename("pids.new", "pids")
    time.sleep(600)
"""


def running_suite(folder: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start a suite amid a test that has started two processes; its own and their numbers."""
    (folder / "test_suite.py").write_text(SUITE)
    own = {"PYTHONPATH": str(PROJECT), "VAR_DIR": str(folder / "var"), "PYTEST_ADDOPTS": ""}
    own["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    (folder / "var" / "test").mkdir(parents=True)
    command = [sys.executable, "-m", "pytest", "-p", "tests.stopping", "-p", "no:cacheprovider"]
    suite = subprocess.Popen(
        [*command, "-q", "--rootdir", str(folder), "test_suite.py"],
        cwd=folder,
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for((folder / "pids").exists)
    return suite, [int(pid) for pid in (folder / "pids").read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_one_that_is_told_to_stop_takes_down_what_it_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    suite, pids = running_suite(tmp_path)
    suite.send_signal(number)
    assert suite.wait(60) == 128 + number
    assert (tmp_path / "torn_down").exists()
    assert [pid for pid in pids if is_alive(pid)] == []


def test_what_one_that_is_killed_has_started_dies_with_it(tmp_path: Path) -> None:
    suite, pids = running_suite(tmp_path)
    assert [is_alive(pid) for pid in pids] == [True, True]
    suite.kill()
    suite.wait(60)
    wait_for(lambda: not any(is_alive(pid) for pid in pids))
