"""What tests ask of the machine they run on: patience, a port, what runs, who waits for whom."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE = 150
"""Seconds. Longer than the minute between two sweeps: what the broker did not take comes then."""
HOST = "127.0.0.1"
# Below what Linux hands out to whoever connects to somebody (32768 and up): a number from up there
# may be a client's before the server that was promised it has come to listen.
PORTS = range(15_000, 32_000)
DICE = random.SystemRandom()


def wait_for(question: Callable[[], T], *, seconds: float = PATIENCE) -> T:
    """Ask until the answer is something, or fail when the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.03)
    raise AssertionError(f"nothing came of {question} within {seconds} seconds")


def free_port() -> int:
    while True:
        port = DICE.choice(PORTS)
        with suppress(OSError), socket.create_server((HOST, port)):
            return port


@contextmanager
def port_where_nobody_answers() -> Iterator[int]:
    """Bound and never listened to: who knocks is refused, and nobody else can move in."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        yield held.getsockname()[1]


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def own_session() -> int:
    """The database's number for this thread's connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def is_held_up(session: int, *, by: int) -> bool:
    """Does one connection wait for a lock that another has?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [by, session])
        return bool(cursor.fetchone()[0])
