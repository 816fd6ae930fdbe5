"""Several programs as one: whatever ends it, none of them is left."""

import io
import os
import signal
import subprocess
import sys
import threading

import pytest

from devtools.embedded.lease import PROJECT
from devtools.supervisor import Program, Supervisor
from tests.machine import is_alive, wait_for

SLEEP = "import time; time.sleep(600)"
SAY_PID = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
WITH_CHILD = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(600)"
)
DEAF = (
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print(os.getpid(), flush=True); time.sleep(600)"
)


def python(code):
    return [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def handlers():
    """The supervisor takes the process's signals; pytest gets them back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run_until(supervisor, condition):
    """Run it, and send what a terminal's Ctrl-C sends once `condition` holds."""

    def interrupt():
        wait_for(condition)
        os.kill(os.getpid(), signal.SIGINT)

    return supervisor.run(when_started=interrupt)


def test_the_log_says_which_program_a_line_is_from():
    output = io.StringIO()
    greeting = "import time; print('hei', flush=True); time.sleep(600)"
    programs = [Program("web", python(greeting)), Program("beat", python(SLEEP))]
    code = run_until(Supervisor(programs, os.environ, output), lambda: output.getvalue())
    assert code == 0
    assert output.getvalue() == "web  │ hei\n"


def test_an_interrupt_ends_them_all_and_their_children():
    output = io.StringIO()
    programs = [Program("one", python(WITH_CHILD)), Program("two", python(SAY_PID))]
    supervisor = Supervisor(programs, os.environ, output)
    code = run_until(supervisor, lambda: output.getvalue().count("\n") == 2)
    pids = [int(line.split("│")[1]) for line in output.getvalue().splitlines()]
    assert code == 0
    wait_for(lambda: not any(is_alive(pid) for pid in pids))


def test_a_program_that_ends_by_itself_takes_the_rest_along():
    output = io.StringIO()
    programs = [
        Program("lasting", python(SLEEP)),
        Program("failing", python("raise SystemExit(3)")),
    ]
    supervisor = Supervisor(programs, os.environ, output)
    assert supervisor.run(when_started=lambda: None) == 1
    assert output.getvalue() == "failing has ended by itself, so everything was stopped.\n"
    assert [process.poll() is not None for process in supervisor.running.values()] == [True, True]


def test_a_program_that_does_not_listen_is_killed(monkeypatch):
    monkeypatch.setattr("devtools.supervisor.STOP_SECONDS", 0.3)
    output = io.StringIO()
    supervisor = Supervisor([Program("deaf", python(DEAF))], os.environ, output)
    assert run_until(supervisor, lambda: output.getvalue()) == 0
    first, last = output.getvalue().splitlines()
    assert last == "deaf did not end in time and was killed."
    assert not is_alive(int(first.split("│")[1]))


def test_a_program_that_is_not_there_stops_those_that_have_started():
    output = io.StringIO()
    programs = [Program("one", python(SLEEP)), Program("two", ["/nowhere/at/all"])]
    supervisor = Supervisor(programs, os.environ, output)
    with pytest.raises(FileNotFoundError):
        supervisor.run(when_started=lambda: None)
    assert supervisor.running["one"].poll() is not None


def test_programs_do_not_outlive_a_supervisor_that_is_killed():
    code = (
        "import os, sys; from devtools.supervisor import Program, Supervisor;"
        f"Supervisor([Program('one', [sys.executable, '-c', {SAY_PID!r}])], os.environ,"
        "sys.stdout).run(lambda: None)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    pid = int(supervisor.stdout.readline().split("│")[1])
    assert is_alive(pid)
    supervisor.kill()
    supervisor.communicate()
    wait_for(lambda: not is_alive(pid))


def test_a_terminal_gets_colours():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    output = Terminal()
    supervisor = Supervisor([Program("web", [])], {}, output)
    supervisor.say("hei", "web")
    supervisor.say("for all")
    assert output.getvalue() == "\x1b[36mweb │ \x1b[0mhei\nfor all\n"


def test_no_thread_is_left():
    before = threading.active_count()
    output = io.StringIO()
    supervisor = Supervisor([Program("one", python(SAY_PID))], os.environ, output)
    run_until(supervisor, lambda: output.getvalue())
    wait_for(lambda: threading.active_count() == before)
