"""The minute in which registration opens: 6,000 leaders come, at the size of the municipality.

They come when they come, spread by chance over the minute, whether those before them have been
answered or not. Each opens the one seminar's page; half of them press its button and read the
receipt. Waiting is counted from the moment each meant to come, so that a server that has fallen
behind is not spared those who stand in line before it.
"""

from __future__ import annotations

import http.client
import queue
import random
import statistics
import threading
import time
from collections import Counter

from django.core.management import call_command
from django.utils import timezone

from benchmarks.registration import (
    WARM_UPS,
    address,
    asked,
    cookie_of,
    crowd,
    leaders,
    press,
    seminar,
)
from benchmarks.report import Report
from benchmarks.seed import load_unless_loaded
from benchmarks.size import Size
from benchmarks.web_server import HOST, serving
from people.models import User
from seminars.models import Seminar
from seminars.seats.invariants import faults

BROWSERS = 96
"""Connections; more of them than the server has threads, and fewer than the leaders."""
WANTED_WAIT = 1.0
"""Seconds, of 95 in 100."""


def run(report: Report, size: Size) -> None:
    load_unless_loaded(report, size)
    call_command("prepare", verbosity=0)
    people = leaders(size.crowd)
    # Who comes and who presses is drawn, the same each time.
    dice = random.Random(9)
    comes = sorted((dice.uniform(0, size.minute), person.pk) for person in people)
    pressing = {person.pk for person in dice.sample(people, len(people) // 2)}
    report.note("signing them in …")
    cookies = {person.pk: cookie_of(person) for person in people}
    about = seminar("Klokken ni", len(pressing) // 3)
    with serving("granian") as (port, _session):
        crowd(port, seminar("Oppvarming", 10_000), people[:WARM_UPS], cookies)
        report.note("nine o'clock …")
        minute = Minute(port, about, cookies, pressing)
        minute.pass_with(comes)
    report.add("nine_oclock.wait", percentile(minute.waits), "s", most=WANTED_WAIT)
    report.add("nine_oclock.wait.middle", statistics.median(minute.waits), "s")
    report.add("nine_oclock.wait.longest", max(minute.waits), "s")
    report.add("nine_oclock.errors", len(minute.errors), "people", most=0)
    refuse_wrong(about, pressing, people, minute.errors)


def percentile(waits: list[float]) -> float:
    """What 95 in 100 wait at most."""
    return sorted(waits)[int(0.95 * (len(waits) - 1))]


class Minute:
    """Everybody comes in their time, and waits until somebody of the server's is free."""

    def __init__(
        self, port: int, about: Seminar, cookies: dict[int, str], pressing: set[int]
    ) -> None:
        self.port, self.about, self.cookies, self.pressing = port, about, cookies, pressing
        self.waits: list[float] = []
        self.errors: list[Exception] = []
        self._line: queue.SimpleQueue[tuple[float, int]] = queue.SimpleQueue()

    def pass_with(self, comes: list[tuple[float, int]]) -> None:
        for one in comes:
            self._line.put(one)
        threads = [threading.Thread(target=self._browse) for _number in range(BROWSERS)]
        self._begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _browse(self) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        while True:
            try:
                comes, person = self._line.get_nowait()
            except queue.Empty:
                return
            due = self._begun + comes
            time.sleep(max(0.0, due - time.perf_counter()))
            try:
                self._come(connection, person, due)
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                self.errors.append(error)
                connection.close()

    def _come(self, connection: http.client.HTTPConnection, person: int, due: float) -> None:
        """Each answer is waited for by itself: a page, a press, a receipt."""
        cookie = self.cookies[person]
        page, more = asked(connection, "GET", address("detail", self.about), cookie)
        self.waits.append(time.perf_counter() - due)
        if person not in self.pressing:
            return
        began = time.perf_counter()
        press(connection, self.about, f"{cookie}; {more}", page)
        self.waits.append(time.perf_counter() - began)
        began = time.perf_counter()
        asked(connection, "GET", address("receipt", self.about), cookie)
        self.waits.append(time.perf_counter() - began)


def refuse_wrong(
    about: Seminar, pressing: set[int], people: list[User], errors: list[Exception]
) -> None:
    """A minute that sold too many, or lost somebody, would look quick."""
    if errors:
        raise RuntimeError(f"{len(errors)} of {len(people)} were not answered: {errors[0]!r}")
    states = Counter(about.registrations.values_list("state", flat=True))
    wanted = {"registered": about.capacity, "waitlisted": len(pressing) - about.capacity}
    if states != wanted:
        raise RuntimeError(f"the minute ended in {states}, and not in {wanted}")
    wrong = [fault for fault in faults(now=timezone.now()) if fault.seminar_id == about.pk]
    if wrong:
        raise RuntimeError(str(wrong[0]))
