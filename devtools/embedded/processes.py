"""Starting and stopping one server, so that it dies with the process that started it."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """For a child to call before it becomes another program: Linux then signals it.

    Other systems have no such call; there it does nothing.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        if sys.platform == "linux":
            libc.prctl(PR_SET_PDEATHSIG, signal_number)

    return ask


def start(command: Sequence[str], log: Path, *, on_parent_death: int) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            preexec_fn=die_with_parent(on_parent_death),
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], signal_number: int, *, seconds: float = 20) -> None:
    process.send_signal(signal_number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
