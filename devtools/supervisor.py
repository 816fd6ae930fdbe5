"""Runs several programs as one: one log, and when one ends or we are told to stop, all end.

Small and our own because of three things that were wanted together: a program must not
outlive us even when we are killed outright, the terminal's Ctrl-C must reach us alone so that
the order of stopping is ours, and a program that dies by itself must take the rest along.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import IO

from devtools.embedded.processes import die_with_parent

STOP_SECONDS = 15
COLOURS = (36, 32, 33, 35, 34)


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]


class Supervisor:
    def __init__(
        self, programs: Sequence[Program], env: Mapping[str, str], output: IO[str]
    ) -> None:
        self.programs = programs
        self.env = env
        self.output = output
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.readers: list[threading.Thread] = []
        self.stopping = threading.Event()

    def run(self, when_started: Callable[[], None]) -> int:
        """Returns when everything has ended: 0 if it was told to, 1 if a program ended first."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        try:
            for program in self.programs:
                self._start(program)
            threading.Thread(target=when_started, daemon=True).start()
            ended = self._wait()
        finally:
            self._stop()
        if ended:
            self.say(f"{ended} has ended by itself, so everything was stopped.")
        return 1 if ended else 0

    def say(self, line: str, name: str = "") -> None:
        self.output.write(f"{self._label(name)}{line}\n")
        self.output.flush()

    def _label(self, name: str) -> str:
        width = max(len(program.name) for program in self.programs)
        label = f"{name:<{width}} │ "
        if not name or not self.output.isatty():
            return label if name else ""
        index = [program.name for program in self.programs].index(name)
        return f"\x1b[{COLOURS[index % len(COLOURS)]}m{label}\x1b[0m"

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _start(self, program: Program) -> None:
        process = subprocess.Popen(  # noqa: S603
            program.command,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self.running[program.name] = process
        reader = threading.Thread(target=self._pass_on, args=(program.name, process), daemon=True)
        reader.start()
        self.readers.append(reader)

    def _pass_on(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            self.say(line.rstrip("\n"), name)

    def _wait(self) -> str | None:
        while not self.stopping.wait(0.2):
            for name, process in self.running.items():
                if process.poll() is not None:
                    return name
        return None

    def _stop(self) -> None:
        self.stopping.set()
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for name, process in self.running.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{name} did not end in time and was killed.")
            end_group(process)
        for reader in self.readers:
            reader.join(1)


def end_group(process: subprocess.Popen[str]) -> None:
    """What a program left behind in its session, if anything, itself included."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
