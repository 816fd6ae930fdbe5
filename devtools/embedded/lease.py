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

from devtools.embedded.places import Places

PROJECT = Path(__file__).resolve().parents[2]


class EmbeddedServicesError(Exception):
    """The embedded servers could not be started; the message is one sentence for the user."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_locked(path: Path) -> bool:
    """Whether somebody has it alone. Asked with a shared lock, so askers never meet."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
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
        try:
            with locked(lock_dir / "start"):
                self._file = (lock_dir / "users").open("a")
                # Waits while a keeper whose last user has gone is stopping its servers.
                fcntl.flock(self._file, fcntl.LOCK_SH)
                self._find_or_start_keeper()
        except BaseException:
            self.release(wait=True)
            raise
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

    def _find_or_start_keeper(self) -> None:
        lock_dir = self.places.lock_dir
        while not is_locked(lock_dir / "ready"):
            if not is_locked(lock_dir / "keeper"):
                return self._start_keeper()
            # Somebody was killed while waiting for the keeper that they had started.
            time.sleep(0.02)
        return None

    def _start_keeper(self) -> None:
        # Locked here and handed over, so that there is no moment when a second one could start.
        with (self.places.lock_dir / "keeper").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._keeper = self._spawn_keeper(lock.fileno())
        assert self._keeper.stdout is not None  # noqa: S101
        with self._keeper.stdout as answers:
            answer = answers.readline().strip()
        if answer != "ready":
            raise EmbeddedServicesError(answer or "The embedded servers did not start.")

    def _spawn_keeper(self, lock: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "devtools.embedded.keeper", str(self.places.var_dir)]
        command += ["--lock", str(lock)]
        if not self.durable:
            command.append("--not-durable")
        # Its own session: Ctrl-C at the terminal stops the users, and they let it go in order.
        return subprocess.Popen(  # noqa: S603
            command,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(lock,),
            text=True,
        )

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
            # To change a lock is to let it go first, and the keeper may have been next in line.
            return not is_locked(path)
    return False


def lease(var_dir: Path, *, durable: bool = True) -> Lease:
    return Lease(Places(var_dir), durable=durable)


def are_used_by(settings: Any) -> bool:
    """Whether these settings point at the embedded servers, both or one of them."""
    return hasattr(settings, "EMBEDDED") and not (settings.DATABASE_URL and settings.REDIS_URL)
