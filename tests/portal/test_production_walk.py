"""The README and docs/production-database.md, walked on Debian's own PostgreSQL and Redis.

What stands in the pages is what is run: their blocks, in their order, with `filled` for what each
installation has of its own. Everything lies below one folder and listens on ports of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from devtools.embedded.processes import die_with_parent
from tests.machine import free_port, wait_for

PROJECT = Path(settings.BASE_DIR)
README = (PROJECT / "README.md").read_text(encoding="utf-8")
DATABASE_PAGE = (PROJECT / "docs" / "production-database.md").read_text(encoding="utf-8")
POSTGRESQL = max(Path("/usr/lib/postgresql").glob("*/bin/postgres"), default=None)
REDIS = shutil.which("redis-server")
WORD = "Zo3-only-for-this-walk-8Qp_long-enough-and-varied-0x71fK2m"
HOST = "leder.example.org"
KEPT = re.compile(r"HOME|LANG|PIP_\w+|npm_config_\w+|\w+_PROXY|\w+_proxy|NODE_\w+|SSL_\w+")
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""

FILES = {
    "units.csv": "hr_id;navn;nivå;over\n"
    "1;Solvik kommune;kommune;\n"
    "30;Etat for læring;virksomhet;1\n",
    "people.csv": "hr_id;navn;epost;enhet;stilling;leder\n"
    "P1;Kristin Moen;kristin.moen@example.org;30;Direktør;ja\n"
    "P2;Even Moen;even.moen@example.org;30;Rådgiver;\n",
    "history.csv": "hr_id;kurs;dato;resultat\nP2;Lederens første år;04.03.2019;Fullført\n",
}
"""What the commands read that the pages end with, by the names that they have there."""


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.M | re.S)


SECTION = README[README.index("## On real servers") : README.index("## How fast")]
INSTALL, SETTINGS, TRANSLATIONS, PROCESSES, *STAFF = blocks(SECTION, "sh")
(ROLES,) = blocks(DATABASE_PAGE, "sql")
RELEASE, NIGHTLY = blocks(DATABASE_PAGE, "sh")
WALKED = (INSTALL, SETTINGS, TRANSLATIONS, PROCESSES, *STAFF, ROLES, RELEASE, NIGHTLY)


@dataclass(frozen=True)
class Walk:
    """A folder, four ports, and what the pages leave open."""

    folder: Path
    database: int
    redis: int
    mail: int
    web: int

    @property
    def release(self) -> Path:
        return self.folder / "release"

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def filled(self) -> dict[str, str]:
        return {
            "db.example.org": f"127.0.0.1:{self.database}",
            "redis.example.org:6379": f"127.0.0.1:{self.redis}",
            "mail.example.org:587": f"127.0.0.1:{self.mail}",
            "/var/lib/lederportalen": str(self.var),
            "--port 8000": f"--port {self.web}",
            "…": WORD,
        }

    def fill(self, block: str) -> str:
        for placeholder, value in self.filled.items():
            block = block.replace(placeholder, value)
        return block

    @property
    def environment(self) -> dict[str, str]:
        """As of somebody who has just signed in, and how this machine reaches its registries."""
        kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        # A `python3` that fits comes first, and last an npm that script/setup may have brought.
        own = [str(self.folder / "bin"), str(POSTGRESQL.parent)]
        path = [*own, os.environ["PATH"], str(PROJECT / ".venv" / "bin")]
        return kept | {"PATH": os.pathsep.join(path)}

    def shell(self, block: str, *, with_settings: bool = True) -> list[str]:
        lines = ["set -euo pipefail", SETTINGS if with_settings else "", block]
        return ["bash", "-c", self.fill("\n".join(lines))]

    def run(self, block: str, *, with_settings: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.shell(block, with_settings=with_settings),
            cwd=self.release,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def walk(self, block: str, *, with_settings: bool = True) -> str:
        """Run it, and give all it said."""
        ran = self.run(block, with_settings=with_settings)
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout + ran.stderr

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.web}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (our own)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def ask_as_the_proxy(self, path: str, **headers: str) -> tuple[int, str]:
        return self.ask(path, Host=HOST, **{"X-Forwarded-Proto": "https"}, **headers)

    @contextmanager
    def running(self, name: str, command: list[str], **how: object) -> Iterator[None]:
        """Until the end of the block; all that it started goes with it."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
                **how,  # type: ignore[call-overload]
            )
        try:
            yield
            assert process.poll() is None, self.log(name)
        finally:
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                process.terminate()
                process.wait(40)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]


@pytest.fixture
def walk() -> Iterator[Walk]:
    if POSTGRESQL is None or REDIS is None:
        pytest.skip("Debian's postgresql and redis-server are not installed")
    # Not pytest's own, which nobody else may pass through.
    folder = Path(tempfile.mkdtemp(prefix="lederportalen-walk-"))
    folder.chmod(0o711)
    ports = {free_port() for _number in range(12)}
    try:
        made = Walk(folder, ports.pop(), ports.pop(), ports.pop(), ports.pop())
        made.var.mkdir()
        python = folder / "bin" / "python3"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\nexec "{sys._base_executable}" "$@"\n')
        python.chmod(0o755)
        yield made
    finally:
        shutil.rmtree(folder)


def copy_of_what_is_tracked(target: Path) -> None:
    """As a release is fetched: no `var/`, no `.venv`, nothing compiled."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, target / name)


@contextmanager
def database_server(walk: Walk) -> Iterator[None]:
    cluster = walk.folder / "cluster"
    cluster.mkdir()
    as_whom = {}
    if os.getuid() == 0:
        shutil.chown(cluster, UNPRIVILEGED)
        as_whom = {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": []}
    options = ["--username", "postgres", "--auth-local", "trust", "--auth-host", "scram-sha-256"]
    subprocess.run(
        [
            POSTGRESQL.parent / "initdb",
            "-D",
            cluster,
            *options,
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ],
        cwd="/",
        check=True,
        capture_output=True,
        **as_whom,
    )
    command = [str(POSTGRESQL), "-D", str(cluster), "-k", str(cluster), "-p", str(walk.database)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with walk.running("postgresql", command, cwd="/", **as_whom):
        wait_for(lambda: superuser(walk, "SELECT").returncode == 0, seconds=60)
        yield


def superuser(walk: Walk, sql: str) -> subprocess.CompletedProcess[str]:
    socket = ["-h", str(walk.folder / "cluster"), "-p", str(walk.database), "-U", "postgres"]
    command = [str(POSTGRESQL.parent / "psql"), "-v", "ON_ERROR_STOP=1", *socket]
    return subprocess.run(command, input=sql, capture_output=True, text=True)


@contextmanager
def redis_server(walk: Walk) -> Iterator[None]:
    command = [REDIS, "--port", str(walk.redis), "--bind", "127.0.0.1", "--save", ""]
    with walk.running("redis", [*command, "--dir", str(walk.folder)], cwd=walk.folder):
        yield


@contextmanager
def all_processes(walk: Walk) -> Iterator[None]:
    with ExitStack() as stack:
        for number, line in enumerate(PROCESSES.splitlines()):
            command = walk.shell(f"exec {line}")
            stack.enter_context(walk.running(f"process-{number}", command, cwd=walk.release))
        yield


def test_every_placeholder_is_in_the_pages() -> None:
    together = "\n".join(WALKED)
    own = Walk(Path("/nowhere"), 1, 2, 3, 4)
    assert [one for one in own.filled if one not in together] == []


@pytest.mark.long
def test_the_pages_lead_to_a_portal_that_works(walk: Walk) -> None:
    copy_of_what_is_tracked(walk.release)
    before = {path.name for path in walk.release.iterdir()}
    walk.walk(INSTALL, with_settings=False)
    walk.walk(TRANSLATIONS)
    with database_server(walk), redis_server(walk):
        made = superuser(walk, walk.fill(ROLES))
        assert made.returncode == 0, made.stderr

        by_the_wrong_role = walk.run(".venv/bin/python manage.py prepare")
        assert by_the_wrong_role.returncode == 1
        assert "Run this as their owner" in by_the_wrong_role.stderr
        assert "Traceback" not in by_the_wrong_role.stderr

        for _twice in range(2):
            said = walk.walk(RELEASE)
            assert "commitments.W003" not in said
        for name, content in FILES.items():
            (walk.release / name).write_text(content, encoding="utf-8")
        for block in [*STAFF, NIGHTLY]:
            walk.walk(block)
        with all_processes(walk):
            see_that_it_works(walk)
    grown = {path.name for path in walk.release.iterdir()} - before
    assert grown == {".venv", "node_modules", "var", *FILES}
    assert [path.name for path in (walk.release / "var").iterdir()] == ["assets", "fonts"]


def see_that_it_works(walk: Walk) -> None:
    with suppress(AssertionError):
        wait_for(lambda: walk.ask("/readyz/work")[0] == 200)
    for path in ("/healthz", "/readyz", "/readyz/work"):
        status, said = walk.ask(path)
        assert status == 200, said + "".join(walk.log(f"process-{n}") for n in range(4))
    status, page = walk.ask_as_the_proxy("/konto/logg-inn/", Cookie="__Host-language=en")
    assert status == 200
    assert '<html lang="en"' in page
    assert "Sign in" in page
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets != []
    assert [walk.ask_as_the_proxy(sheet)[0] for sheet in sheets] == [200] * len(sheets)
