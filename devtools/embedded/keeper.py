"""The process that owns the embedded servers: starts them, and stops them after the last lease.

    python -m devtools.embedded.keeper VAR_DIR --lock FD [--not-durable]

It says "ready", or in one sentence why not, on its standard output and then nothing more.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.embedded.lease import EmbeddedServicesError
from devtools.embedded.places import Places
from devtools.embedded.postgres import Postgres
from devtools.embedded.valkey import Valkey


def keep(places: Places, lock: int, *, durable: bool) -> None:
    lock_dir = places.lock_dir
    with (lock_dir / "ready").open("a") as ready, (lock_dir / "users").open("a") as users:
        with sockets(places), Postgres(places, durable=durable), Valkey(places):
            fcntl.flock(ready, fcntl.LOCK_EX)
            answer("ready")
            # Granted when the last user has let go, or died.
            fcntl.flock(users, fcntl.LOCK_EX)
            fcntl.flock(ready, fcntl.LOCK_UN)
        # In this order: who gets in after us must not take us for a running keeper.
        fcntl.flock(lock, fcntl.LOCK_UN)


@contextmanager
def sockets(places: Places) -> Iterator[None]:
    """A folder that only this user may enter, gone when the servers are."""
    folder = places.socket_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise EmbeddedServicesError(f"{folder} belongs to another user; remove it, then try again.")
    folder.chmod(0o700)
    try:
        yield
    finally:
        for path in (places.valkey_socket, places.postgres_socket_dir):
            remove(path)
        remove(folder)


def remove(path: Path) -> None:
    if path.is_dir():
        for child in path.iterdir():
            child.unlink()
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def answer(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()
    # The terminal, or a pipe somebody waits on, must not be held open by the keeper.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def main() -> None:
    parser = argparse.ArgumentParser(prog="devtools.embedded.keeper")
    parser.add_argument("var_dir", type=Path)
    parser.add_argument("--lock", type=int, required=True, help="a locked file, handed over")
    parser.add_argument("--not-durable", action="store_true")
    options = parser.parse_args()
    # A terminal that closes takes the users with it, and they their leases.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        keep(Places(options.var_dir), options.lock, durable=not options.not_durable)
    except EmbeddedServicesError as error:
        answer(str(error))
        os._exit(1)
    # Who waits for the servers to be gone shall not find this process tidying up.
    os._exit(0)


if __name__ == "__main__":
    main()
