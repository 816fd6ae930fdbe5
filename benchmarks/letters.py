"""A sign-in code while 5,000 letters wait for a slow mail server, and a worker is killed.

The workers are those of `script/server`. None may be lost; one may come twice, as the same
message, if the worker died after the server had taken it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from benchmarks.report import Report
from benchmarks.size import Size
from benchmarks.staff_import import empty_the_database
from devtools.embedded.processes import die_with_parent
from devtools.server import WORKERS
from outbox.actions import queue_letter, queue_letters
from outbox.delivery import STUCK_AFTER
from outbox.letters import Rendered
from outbox.models import Letter, LetterState
from outbox.tasks import sweep_letters
from people.models import User
from tests.machine import wait_for
from tests.outbox.conftest import PostOffice, open_post_office

MOST_SECONDS = 10.0
SECONDS_TO_THINK = 0.2
SECONDS_BETWEEN_SWEEPS = 60
LONGEST_SECONDS = 900
WORDS = Rendered(subject="Påmeldingen er åpen", text="Hei!", html="<p>Hei!</p>")


def run(report: Report, size: Size) -> None:
    # The mail server here tells of each word of each letter.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    empty_the_database()
    call_command("prepare", verbosity=0)
    person = User.objects.create_user("letters@example.org", name="Kari Vik")
    with open_post_office() as office, ExitStack() as workers:
        office.seconds_to_think = SECONDS_TO_THINK
        running = {name: workers.enter_context(worker(name, office)) for name in WORKERS}
        report.note(f"letters: {size.letters} wait …")
        queue_letters(
            kind="bench", letters=((f"bench:{n}", person, WORDS) for n in range(size.letters))
        )
        wait_for(lambda: office.received, seconds=LONGEST_SECONDS)
        report.add("letters.code", seconds_of_a_code(person, office), "s", most=MOST_SECONDS)
        kill(running["letters"])
        taken = seconds_of_a_code(person, office)
        report.add("letters.code.letters_killed", taken, "s", most=MOST_SECONDS)
        waiting = Letter.objects.exclude(state=LetterState.SENT).count()
        report.add("letters.waiting_then", waiting, "letters")
        workers.enter_context(worker("letters", office))
        office.seconds_to_think = 0
        all_are_sent(report)
        tell_what_came(report, office)


def seconds_of_a_code(person: User, office: PostOffice) -> float:
    """Until the mail server has the letter, from when its cause was committed."""
    began = time.monotonic()
    letter = queue_letter(
        to=person,
        key=f"bench:code:{began}",
        kind="bench",
        subject="Koden din",
        text="Koden",
        html="<p>Koden</p>",
        is_secret=True,
    )
    came = letter.message_id.encode()
    wait_for(
        lambda: any(came in content for content in office.received[:]), seconds=LONGEST_SECONDS
    )
    return time.monotonic() - began


def all_are_sent(report: Report) -> None:
    """Seconds for the rest, once the server is quick; what the dead worker held is swept first."""
    held = Letter.objects.filter(state=LetterState.SENDING)
    held.update(claimed_at=timezone.now() - STUCK_AFTER - dt.timedelta(seconds=1))
    began = time.monotonic()

    sweeps = [began]

    def is_done() -> bool:
        # As beat does: more often, the queues fill with letters that stand in them already.
        if time.monotonic() >= sweeps[-1]:
            sweep_letters()
            sweeps.append(time.monotonic() + SECONDS_BETWEEN_SWEEPS)
        time.sleep(0.5)
        return not Letter.objects.exclude(state=LetterState.SENT).exists()

    wait_for(is_done, seconds=LONGEST_SECONDS)
    report.add("letters.rest", time.monotonic() - began, "s")


def tell_what_came(report: Report, office: PostOffice) -> None:
    times = Counter(office.message_ids)
    lost = Letter.objects.exclude(message_id__in=list(times)).count()
    report.add("letters.lost", lost, "letters", most=0)
    report.add("letters.twice", sum(number - 1 for number in times.values()), "letters")


@contextmanager
def worker(name: str, office: PostOffice) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        str(Path(sys.executable).parent / "celery"), "-A", "portal", "worker",
        "--concurrency", "2", "--loglevel", "error", "--without-gossip", "--without-mingle",
        "--hostname", f"bench-{name}@%h", "--queues", ",".join(WORKERS[name]),
    ]  # fmt: skip
    log = (Path(settings.VAR_DIR) / "letters.log").open("ab")
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}"},
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)
        log.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
