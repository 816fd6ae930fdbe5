"""Holding the embedded servers up for as long as this process, or a block of it, needs them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from portal.embedded.places import Places

PROJECT = Path(__file__).resolve().parents[2]


class EmbeddedServicesError(Exception):
    """The embedded servers could not be started; the message is one sentence for the user."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_locked(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class Lease:
    """A claim on the servers of one VAR_DIR; they run until the last claim is let go."""

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.durable = durable
        self._file: IO[str] | None = None
        self._keeper: subprocess.Popen[str] | None = None

    def acquire(self) -> Self:
        """Start the servers unless they run. Raises EmbeddedServicesError when they won't."""
        lock_dir = self.places.lock_dir
        lock_dir.mkdir(parents=True, exist_ok=True)
        with locked(lock_dir / "start"):
            self._file = (lock_dir / "users").open("a")
            # Waits while a keeper whose last user has gone is stopping its servers.
            fcntl.flock(self._file, fcntl.LOCK_SH)
            if not is_locked(lock_dir / "keeper"):
                self._start_keeper()
        return self

    def release(self, *, wait: bool = False) -> None:
        """Let go; with `wait`, return when the servers are gone unless others hold them."""
        if self._file is None:
            return
        self._file.close()
        self._file = None
        if wait:
            self._wait_for_stop()

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release(wait=True)

    def _start_keeper(self) -> None:
        command = [sys.executable, "-m", "portal.embedded.keeper", str(self.places.var_dir)]
        if not self.durable:
            command.append("--not-durable")
        # Its own session: Ctrl-C at the terminal stops the users, and they let it go in order.
        self._keeper = keeper = subprocess.Popen(  # noqa: S603
            command,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        answer = keeper.stdout.readline().strip() if keeper.stdout else ""
        if answer != "ready":
            self.release()
            raise EmbeddedServicesError(answer or "The embedded servers did not start.")

    def _wait_for_stop(self, seconds: float = 30) -> None:
        lock_dir = self.places.lock_dir
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_shared(lock_dir / "users"):
                return
            if not is_locked(lock_dir / "keeper") and not is_locked(lock_dir / "users"):
                break
            time.sleep(0.02)
        if self._keeper is not None:
            self._keeper.wait(seconds)


def is_shared(path: Path) -> bool:
    """Whether others hold leases: then a shared lock is to be had and an exclusive one is not."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def lease(var_dir: Path, *, durable: bool = True) -> Lease:
    return Lease(Places(var_dir), durable=durable)


def are_used_by(settings: Any) -> bool:
    """Whether these settings point at the embedded servers, both or one of them."""
    return hasattr(settings, "EMBEDDED") and not (settings.DATABASE_URL and settings.REDIS_URL)
