"""The main pages at the size of a whole municipality, rendered by Django's test client.

Time is the middle of the requests, and the limit is the plainest page of the same frame for the
same person, asked for in turns with it: the ratio says what the page's own contents cost, whatever
else the machine is doing. What everybody opens first, and what organisers look at all day, are also
held to this process's processor time and to how much they ask. `pages.seminar` alone is asked for
at the real web server, as script/server runs it, signed in: seminar pages a second, and the least
that is wished for.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.report import Report
from benchmarks.seed import load_unless_loaded
from benchmarks.size import Size
from benchmarks.web_server import (
    measure,
    processor_seconds,
    serving,
    signed_in_leader,
)
from demo.cast import DEMO_CAST
from people.models import Leadership, Unit, User
from seminars.models import Seminar

WANTED_A_SECOND = 300
MOST_MY_PAGE, MOST_PARTICIPANTS = 20, 25
"""Milliseconds of Python."""
MOST_QUERIES = 10


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    viewer: str
    most: float | None = None
    """Milliseconds of this process's processor time; with it, `MOST_QUERIES` holds."""


def run(report: Report, size: Size) -> None:
    call_command("prepare", verbosity=0)
    load_unless_loaded(report, size)
    clients = {person.key: client_of(person.email) for person in DEMO_CAST}
    for page in pages():
        client = clients[page.viewer]
        report.note(f"{page.name}: {page.path}")
        taken, plain = milliseconds(client, size, page.path, reverse("accessibility"))
        report.add(f"pages.{page.name}", taken.waited, "ms", beside=plain.waited)
        name = f"pages.{page.name}.processor"
        report.add(name, taken.processor, "ms", most=page.most)
        ratio = taken.processor / plain.processor
        report.add(f"{name}.ratio", ratio, "times")
        asked = None if page.most is None else MOST_QUERIES
        report.add(f"pages.{page.name}.queries", queries(client, page.path), "queries", most=asked)
    seminar_pages(report, size)


def seminar_pages(report: Report, size: Size) -> None:
    """The page that everybody opens at nine o'clock, at the server with its two processes."""
    path, cookie = reverse("seminars:detail", args=[a_coming_seminar().pk]), signed_in_leader()
    with serving("granian") as (port, session):
        measure(port, path, cookie, size.warm_up_seconds)
        before = processor_seconds(session)
        rate, _wait = measure(port, path, cookie, size.seconds)
        used = (processor_seconds(session) - before) * 1000 / (rate * size.seconds)
    report.add("pages.seminar", rate, "a second", least=WANTED_A_SECOND)
    report.add("pages.seminar.processor", used, "ms")


def a_coming_seminar() -> Seminar:
    """Of the organiser's own: other benchmarks leave seminars of their agencies behind."""
    email = next(person.email for person in DEMO_CAST if person.key == "organiser")
    organiser, now = User.objects.get(email=email), timezone.now()
    own = Seminar.objects.organised_by(organiser, on=timezone.localdate(now))
    coming: Seminar = own.published().upcoming(now).order_by("starts_at")[0]
    return coming


def pages() -> list[Page]:
    coming = a_coming_seminar()
    clinic = Leadership.objects.get(user__email=DEMO_CAST[0].email).unit
    agency = Unit.objects.agencies().order_by("sort_key")[0]
    seminars, figures = reverse("seminars:list"), reverse("reports:participation")
    five_years = "?period=custom&first=2020-01-01&last=2030-12-31"
    return [
        *(
            Page(f"my page, {viewer}", reverse("home"), viewer, MOST_MY_PAGE)
            for viewer in ("leader", "employee", "organiser", "coordinator", "hr")
        ),
        Page("seminars", seminars, "leader"),
        Page("seminars, searched", f"{seminars}?q=tillit", "leader"),
        Page("seminars, calendar", reverse("seminars:calendar"), "leader"),
        Page("one seminar", reverse("seminars:detail", args=[coming.pk]), "leader"),
        Page(
            "participants",
            reverse("seminars:participants", args=[coming.pk]),
            "organiser",
            MOST_PARTICIPANTS,
        ),
        Page("organising", reverse("seminars:organise"), "organiser"),
        Page("mission of a clinic", reverse("missions:unit", args=[clinic.pk]), "employee"),
        Page("agreements", reverse("commitments:list"), "leader"),
        Page("report, this year", figures, "hr"),
        Page("report, all years", figures + five_years, "hr"),
        Page("report, one agency", reverse("reports:agency", args=[agency.pk]), "hr"),
    ]


def client_of(email: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=email))
    return client


@dataclass(frozen=True)
class Milliseconds:
    """The middle of the requests: until the answer, and of this process's processor."""

    waited: float
    processor: float


def milliseconds(client: Client, size: Size, *paths: str) -> list[Milliseconds]:
    taken: list[list[tuple[float, float]]] = [[] for _path in paths]
    for _number in range(size.warm_ups + size.requests):
        for path, times in zip(paths, taken, strict=True):
            start, cpu = time.perf_counter(), time.process_time()
            answered(client, path)
            times.append((time.perf_counter() - start, time.process_time() - cpu))
    middles = [map(statistics.median, zip(*times[size.warm_ups :], strict=True)) for times in taken]
    return [Milliseconds(*(1000 * middle for middle in both)) for both in middles]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answered(client, path)
    return len(captured)


def answered(client: Client, path: str) -> None:
    """A page that is refused or sends us on would look quick."""
    status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
