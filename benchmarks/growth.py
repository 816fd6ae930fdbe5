"""The pages of whoever arranges a seminar, as it grows: 100, 10,000 and 100,000 people.

Time is to be flat. The three sizes are asked for in turns, and each is limited by the smallest of
the same run: a ratio of 1 is flat, whatever else the machine is doing. The spreadsheet is limited
by the seconds that were asked for, with the processor's time beside them.
"""

from __future__ import annotations

import resource
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.crowd import Crowd, crowd_of
from benchmarks.report import Report
from benchmarks.size import Size
from people.models import User
from seminars.models import Seminar

MOST_QUERIES = 6
SPREADSHEET_SECONDS = 4.0
SPREADSHEET_MEGABYTES = 20
"""Beyond what the process has had before."""
LINES = 100

Ask = Callable[[], Any]


@dataclass(frozen=True)
class Page:
    """A page of one seminar, or the list with that one found.

    With `sent`, what a form shows of what was written in it.
    """

    name: str
    url: str
    by: User
    seminars: dict[int, Seminar]
    query: str = ""
    sent: dict[str, Any] | None = None

    def ask(self, client: Client, size: int) -> Ask:
        seminar = self.seminars[size]
        if self.url == "list":
            path = f"{reverse('seminars:list')}?q={seminar.title}"
        else:
            path = reverse(f"seminars:{self.url}", args=[seminar.pk]) + self.query
        return lambda: client.get(path) if self.sent is None else client.post(path, self.sent)


def run(report: Report, size: Size) -> None:
    call_command("prepare", verbosity=0)
    report.note(f"growth: making the people of seminars of {size.crowds}")
    with crowd_of(*size.crowds) as crowd:
        for page in pages(crowd):
            measure(report, page, size)
    with crowd_of(size.spreadsheet) as crowd:
        spreadsheet(report, crowd, size.spreadsheet)


def pages(crowd: Crowd) -> list[Page]:
    coming, by = crowd.coming, crowd.organiser
    lines = "\n".join(f"growth{number}@example.org" for number in range(1, LINES + 1))
    letter = {"key": str(uuid.uuid4()), "states": ["registered"], "subject": "Hei", "text": "Hei"}
    return [
        Page("participants", "participants", by, coming),
        Page("participants, last page", "participants", by, coming, query="?page=last"),
        Page("participants, searched", "participants", by, coming, query="?q=vekst+77"),
        Page("participants, waiting", "participants", by, coming, query="?state=waitlisted"),
        Page("attendance", "participants", by, crowd.begun),
        Page("waiting list", "queue", by, coming),
        Page("seats by agency", "seats", by, coming),
        Page("pools", "pools", by, coming),
        Page("coordinator", "own_staff", crowd.coordinator, coming),
        Page("personal data", "personal_data", by, coming),
        Page("invitations", "invitations", by, coming),
        Page("letter, read first", "write", by, coming, sent=letter),
        Page("list of people, checked", "register_list", by, coming, sent={"lines": lines}),
        Page("seminar", "detail", by, coming),
        Page("list", "list", by, coming),
    ]


def measure(report: Report, page: Page, size: Size) -> None:
    client = client_of(page.by)
    asks = {people: page.ask(client, people) for people in size.crowds}
    taken = milliseconds(asks, size)
    for people, ask in asks.items():
        name = f"pages.growth.{page.name}.{people}"
        report.add(name, taken[people], "ms", beside=taken[min(size.crowds)])
        report.add(f"{name}.queries", queries(ask), "queries", most=MOST_QUERIES)


def milliseconds(asks: dict[int, Ask], size: Size) -> dict[int, float]:
    """The middle of the requests for each crowd."""
    taken: dict[int, list[float]] = {people: [] for people in asks}
    for _number in range(size.warm_ups + size.requests):
        for people, ask in asks.items():
            start = time.perf_counter()
            answered(ask)
            taken[people].append(time.perf_counter() - start)
    counted = {people: times[size.warm_ups :] for people, times in taken.items()}
    return {people: 1000 * statistics.median(times) for people, times in counted.items()}


def spreadsheet(report: Report, crowd: Crowd, people: int) -> None:
    """Everybody of a seminar that has begun, so that attendance is among the columns."""
    ask = Page("xlsx", "participants_xlsx", crowd.organiser, crowd.begun).ask(
        client_of(crowd.organiser), people
    )
    had = most_megabytes()
    start, cpu = time.perf_counter(), time.process_time()
    answered(ask)
    report.add("pages.growth.xlsx", time.perf_counter() - start, "s", most=SPREADSHEET_SECONDS)
    report.add("pages.growth.xlsx.processor", time.process_time() - cpu, "s")
    report.add("pages.growth.xlsx.queries", queries(ask), "queries", most=MOST_QUERIES)
    more = most_megabytes() - had
    report.add("pages.growth.xlsx.memory", more, "MB", most=SPREADSHEET_MEGABYTES)
    report.add("pages.growth.xlsx.process", most_megabytes(), "MB")


def most_megabytes() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def client_of(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def queries(ask: Ask) -> int:
    with CaptureQueriesContext(connection) as captured:
        answered(ask)
    return len(captured)


def answered(ask: Ask) -> None:
    """A page that is refused or sends us on would look quick."""
    response = ask()
    if response.status_code != 200:
        raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}")
