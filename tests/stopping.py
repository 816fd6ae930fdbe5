"""pytest that is told to stop takes down what it has started, as on Ctrl-C."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import pytest


def pytest_configure() -> None:
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)


def stop(number: int, frame: FrameType | None) -> None:
    # Once: whoever loses patience and asks again is obeyed at once.
    signal.signal(number, signal.SIG_DFL)
    pytest.exit(f"told to stop by {signal.Signals(number).name}", returncode=128 + number)
