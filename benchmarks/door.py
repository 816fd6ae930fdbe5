"""The door of a seminar of 300, at the real web server: three devices, scan after scan.

Each device sends what its page's script sends, a scan a request over a connection kept open. Ten
people come past all three, and some scans are sent twice, as when an answer was lost. Beside it
stands the least that the same server answers (`/healthz`), asked by as many devices. Then 300 come
within ten minutes that are pressed together, most of them just before it begins; waiting is counted
from the moment each stood at the door. What the doors said and what is stored has to be right, or
the benchmark fails.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import random
import re
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from attendance import codes
from attendance.invariants import faults
from attendance.models import Scan
from benchmarks.registration import asked, cookie_of
from benchmarks.report import Report
from benchmarks.seed import prepare_with_people
from benchmarks.size import Size
from benchmarks.web_server import HOST, get, processor_seconds, serving
from people.models import Role, RoleGrant, Unit, User
from seminars.models import Registration, Seminar
from tests.seminars.factories import make_registration, make_seminar

DOORS = ("A", "B", "C")
SHARED_OF_TEN = 1
"""Who come past every door, of ten scans at one."""
SENT_TWICE_OF_TEN = 1
WANTED_WAIT = 1.0
"""Seconds, of 95 in 100."""
TOKEN = re.compile(rb'data-token="([^"]+)"')


def run(report: Report, size: Size) -> None:
    prepare_with_people(size)
    hosts = organisers(len(DOORS))
    first, second = (going_on(size.at_the_door) for _seminar in range(2))
    with serving("granian") as (port, session):
        doors = [Door(port, name, host, first) for name, host in zip(DOORS, hosts, strict=True)]
        least, least_used = alone(port, session, size.at_the_door)
        report.note("three doors …")
        before = processor_seconds(session)
        tell_scans(report, at_three_doors(doors, first), least)
        used = 1000 * (processor_seconds(session) - before) / sum(len(one.waits) for one in doors)
        report.add("door.processor", used, "ms", beside=least_used)
        report.note("ten minutes …")
        crowd = [Door(port, name, host, second) for name, host in zip(DOORS, hosts, strict=True)]
        tell_crowd(report, crowd, second, size.ten_minutes)
        report.note("what waited …")
        tell_batch(report, Door(port, "D", hosts[0], going_on(size.sent_at_once)))


class Door:
    """One device, signed in, with the page open; what it was answered, and how long that took."""

    def __init__(self, port: int, name: str, host: User, seminar: Seminar) -> None:
        self.waits: list[float] = []
        self.words: list[tuple[int, str]] = []
        self.name, self.seminar = name, seminar
        args = [seminar.pk, seminar.sessions.get().pk]
        self.scans = reverse("attendance:scans", args=args)
        self.line = http.client.HTTPConnection(HOST, port, timeout=60)
        self.cookie = cookie_of(host)
        page, more = asked(self.line, "GET", reverse("attendance:door", args=args), self.cookie)
        found = TOKEN.search(page)
        if found is None:
            raise RuntimeError("the door's page has no token")
        self.token, self.cookie = found[1].decode(), f"{self.cookie}; {more}"
        self.key = codes.key_of(seminar)

    def scan(
        self, registration_pk: int, *, due: float | None = None, is_lost: bool = False
    ) -> None:
        """Let one in, and again with the same key where the answer was lost."""
        one = self.seen(registration_pk)
        began = time.perf_counter() if due is None else due
        (answer,) = self.send([one])
        self.waits.append(time.perf_counter() - began)
        self.words.append((registration_pk, answer["answer"]))
        if is_lost and self.send([one]) != [answer]:
            raise RuntimeError("the same scan was answered otherwise the second time")

    def seen(self, registration_pk: int) -> dict[str, Any]:
        return {
            "key": str(uuid.uuid4()),
            "at": timezone.now().isoformat(timespec="milliseconds"),
            "door": f"dør {self.name}",
            "code": codes.code_of(registration_pk, self.key),
        }

    def send(self, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        headers = {
            "Host": "localhost",
            "Cookie": self.cookie,
            "X-CSRFToken": self.token,
            "Content-Type": "application/json",
        }
        self.line.request("POST", self.scans, json.dumps({"scans": scans}), headers)
        response = self.line.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{self.scans} answered {response.status}")
        return list(json.loads(body)["answers"])


def at_three_doors(doors: Sequence[Door], seminar: Seminar) -> list[float]:
    """Return how long each scan waited; raises where somebody was lost, or counted twice."""
    people = participants(seminar)
    shared = people[: max(1, len(people) * SHARED_OF_TEN // 10 // len(doors))]
    own = people[len(shared) :]
    dice = random.Random(8)
    lines = []
    for place, door in enumerate(doors):
        line = [*own[place :: len(doors)], *shared]
        dice.shuffle(line)
        lost = set(dice.sample(line, max(1, len(line) * SENT_TWICE_OF_TEN // 10)))
        lines.append((door, line, lost))

    def work(door: Door, line: list[int], lost: set[int]) -> None:
        for one in line:
            door.scan(one, is_lost=one in lost)

    together([lambda one=one: work(*one) for one in lines])
    refuse_wrong(doors, seminar, people, {one: len(doors) for one in shared})
    return [wait for door in doors for wait in door.waits]


def tell_scans(report: Report, waits: list[float], least: float) -> None:
    middle = 1000 * statistics.median(waits)
    report.add("door.scan", middle, "ms", beside=1000 * least)
    report.add("door.scan.95", 1000 * percentile(waits), "ms", most=1000 * WANTED_WAIT)
    report.add("door.scans", len(waits), "scans")


def tell_crowd(report: Report, doors: Sequence[Door], seminar: Seminar, seconds: float) -> None:
    people = participants(seminar)
    dice = random.Random(10)
    # Few are early, and most come in the last minutes.
    comes = sorted(seconds * max(dice.random(), dice.random()) for _person in people)
    lines: list[list[tuple[float, int]]] = [[] for _door in doors]
    for due, person in zip(comes, people, strict=True):
        dice.choice(lines).append((due, person))
    begun = time.perf_counter()

    def work(door: Door, line: list[tuple[float, int]]) -> None:
        for due, person in line:
            time.sleep(max(0.0, begun + due - time.perf_counter()))
            door.scan(person, due=begun + due)

    together([lambda one=one: work(*one) for one in zip(doors, lines, strict=True)])
    refuse_wrong(doors, seminar, people, {})
    waits = [wait for door in doors for wait in door.waits]
    report.add("door.crowd.wait", percentile(waits), "s", most=WANTED_WAIT)
    report.add("door.crowd.wait.middle", statistics.median(waits), "s")
    report.add("door.crowd.wait.longest", max(waits), "s")


def tell_batch(report: Report, door: Door) -> None:
    """What a device sends at once when the network is back: it has 5 s to be answered in."""
    people = participants(door.seminar)
    scans = [door.seen(one) for one in people]
    with report.seconds("door.sent_at_once", most=WANTED_WAIT):
        answers = door.send(scans)
    door.words = [(pk, one["answer"]) for pk, one in zip(people, answers, strict=True)]
    refuse_wrong([door], door.seminar, people, {})


def refuse_wrong(
    doors: Sequence[Door], seminar: Seminar, people: list[int], times: dict[int, int]
) -> None:
    """A door that lost somebody, or let them in twice, would look quick."""
    said: dict[int, Counter[str]] = {one: Counter() for one in people}
    for door in doors:
        for person, answer in door.words:
            said[person][answer] += 1
    for person, answers in said.items():
        wanted = Counter(welcome=1, already_in=times.get(person, 1) - 1)
        if answers != wanted:
            raise RuntimeError(f"{person} was told {answers}, and not {wanted}")
    stored = Counter(
        Scan.objects.filter(session__seminar=seminar).values_list("registration", flat=True)
    )
    if stored != Counter({one: times.get(one, 1) for one in people}):
        raise RuntimeError(f"{stored.total()} scans of {len(stored)} people are stored")
    outcomes = Counter(seminar.registrations.values_list("outcome", flat=True))
    if outcomes != {"attended": len(people)}:
        raise RuntimeError(f"the door ended in {outcomes}")
    wrong = [fault for fault in faults() if fault.seminar_id == seminar.pk]
    if wrong:
        raise RuntimeError(str(wrong[0]))


def alone(port: int, session: int, count: int) -> tuple[float, float]:
    """The least an answer takes, and the milliseconds of the processor for it."""
    waits: list[float] = []

    def work() -> None:
        line = http.client.HTTPConnection(HOST, port, timeout=30)
        for _request in range(-(-count // len(DOORS))):
            began = time.perf_counter()
            get(line, "/healthz", "")
            waits.append(time.perf_counter() - began)

    before = processor_seconds(session)
    together([work for _door in DOORS])
    return statistics.median(waits), 1000 * (processor_seconds(session) - before) / len(waits)


def together(work: Sequence[Callable[[], None]]) -> None:
    """Do all of it at once; raises what stopped one of them."""
    wrong: list[Exception] = []

    def watched(one: Callable[[], None]) -> None:
        try:
            one()
        except Exception as error:  # else the others' time would be taken for that of all
            wrong.append(error)

    threads = [threading.Thread(target=watched, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def percentile(waits: list[float]) -> float:
    """What 95 in 100 wait at most."""
    return sorted(waits)[int(0.95 * (len(waits) - 1))]


def organisers(count: int) -> list[User]:
    """So many who may stand at the doors, each with a device."""
    unit = Unit.objects.agencies().order_by("pk")[0]
    since = timezone.localdate() - dt.timedelta(days=1)
    found = []
    for number in range(count):
        email = f"door-{number}@example.org"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, name=f"Vera Vakt {number}")
            RoleGrant.objects.create(user=user, role=Role.ORGANISER, unit=unit, valid_from=since)
        found.append(user)
    return found


def going_on(people: int) -> Seminar:
    """A seminar that began a little while ago, and so many who have a seat in it."""
    now = timezone.now()
    seminar = make_seminar(
        Unit.objects.agencies().order_by("pk")[0],
        created_by=User.objects.order_by("pk")[0],
        title="Døren",
        capacity=people,
        starts_at=now - dt.timedelta(minutes=5),
    )
    for person in User.objects.filter(is_active=True).order_by("pk")[:people]:
        make_registration(seminar, person)
    return seminar


def participants(seminar: Seminar) -> list[int]:
    rows = Registration.objects.filter(seminar=seminar).order_by("pk")
    return list(rows.values_list("pk", flat=True))
