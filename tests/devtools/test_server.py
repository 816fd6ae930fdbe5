"""`script/server`, as a newcomer runs it: an address, the demo's sign-ins, and nothing left."""

import os
import re
import signal
import subprocess
import threading
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from devtools.embedded.processes import die_with_parent
from tests.machine import free_port, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.long]

PROJECT = Path(settings.BASE_DIR)
LONGEST_START = 900
LONGEST_STOP = 300


def processes_of(var_dir):
    """Everything that runs with this VAR_DIR, whatever it is called and whoever its parent is."""
    needle = f"VAR_DIR={var_dir}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if needle in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [command for command in found if command]


def assert_nothing_is_left(var_dir):
    """What was killed outright is seen for as long as it has not been its turn to die."""
    wait_for(lambda: processes_of(var_dir) == [], seconds=30)


class Server:
    def __init__(self, var_dir):
        self.port = free_port()
        names = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL")
        environment = {key: value for key, value in os.environ.items() if key not in names}
        self.process = subprocess.Popen(
            ["script/server"],
            cwd=PROJECT,
            env=environment | {"VAR_DIR": str(var_dir), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        # Whoever reads what it says would else wait for ever for one that neither speaks nor ends.
        self.watch = threading.Timer(LONGEST_START, self.process.kill)
        self.watch.daemon = True
        self.watch.start()

    def wait_for_welcome(self):
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C stops it." in line:
                return "".join(lines)
        pytest.fail("".join(lines))

    def get(self, path):
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.process.communicate(timeout=LONGEST_STOP)
        self.watch.cancel()


def test_two_starts_and_two_stops(tmp_path):
    first = Server(tmp_path)
    welcome = first.wait_for_welcome()
    assert f"http://localhost:{first.port}" in welcome
    assert len(re.findall(r"\S+@\S+", welcome)) >= 6
    status, page = first.get("/")
    assert (status, "<h1" in page) == (200, True)
    stylesheet = re.search(r'href="(/static/punkt/css/pkt\.min\.\w+\.css)"', page)[1]
    assert first.get(stylesheet)[0] == 200
    first.stop(signal.SIGINT)
    assert first.process.returncode == 0
    assert_nothing_is_left(tmp_path)

    second = Server(tmp_path)
    second.wait_for_welcome()
    assert second.get("/")[0] == 200
    second.stop(signal.SIGTERM)
    assert second.process.returncode == 0
    assert_nothing_is_left(tmp_path)


def test_a_stop_while_it_prepares_leaves_nothing(tmp_path):
    server = Server(tmp_path)
    wait_for((tmp_path / "run" / "postgres").exists, seconds=LONGEST_START)
    server.stop(signal.SIGTERM)
    assert server.process.returncode == 130
    assert_nothing_is_left(tmp_path)
