"""Registering at the real web server, as script/server runs it: two processes of four threads.

At the size of the municipality: 57,000 people, and five years of seminars behind them. A journey is
what a leader does: the seminar's page, its button, the receipt; three requests over a connection
kept open, signed in. Beside it stands a transaction written by hand, on as many connections as the
server has threads: what PostgreSQL has to do at the least. The one who asks shares the machine with
the server; `registration.processor` is the web server's own processor time a journey, which other
work on the machine disturbs least.
"""

from __future__ import annotations

import datetime as dt
import http.client
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from benchmarks.report import Report
from benchmarks.seat import take_seat
from benchmarks.seed import load_unless_loaded
from benchmarks.size import Size
from benchmarks.web_server import HOST, THREADS, WORKERS, processor_seconds, serving
from people.models import Leadership, Unit, User
from seminars.models import Seminar, Session
from seminars.seats.invariants import faults

AT_ONCE = 32
WARM_UPS = 64
WANTED_A_SECOND, WANTED_SECONDS = 90, 12
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def run(report: Report, size: Size) -> None:
    load_unless_loaded(report, size)
    call_command("prepare", verbosity=0)
    people = leaders(size.leaders)
    some = people[: size.journeys]
    cookies = {person.pk: cookie_of(person) for person in people}
    with serving("granian") as (port, session):
        report.note("the portal …")
        crowd(port, seminar("Oppvarming", 10_000), people[:WARM_UPS], cookies)
        rate, used = journeys(port, session, some, cookies)
        wide = seminar("Kappløp", size.seats)
        rush = crowd(port, wide, people, cookies)
        refuse_wrong(wide, size)
    report.note("the transaction alone …")
    report.add("registration.journeys", rate, "a second", least=WANTED_A_SECOND)
    report.add("registration.rush", rush, "s", most=WANTED_SECONDS)
    report.add("registration.transaction", transactions(people), "a second")
    report.add("registration.processor", used, "ms")


def journeys(
    port: int, session: int, people: list[User], cookies: dict[int, str]
) -> tuple[float, float]:
    """How many a second, and the milliseconds of the web server's processor time for one."""
    about, before = seminar("Reiser", 10_000), processor_seconds(session)
    seconds = crowd(port, about, people, cookies)
    used = processor_seconds(session) - before
    return len(people) / seconds, 1000 * used / len(people)


def crowd(port: int, about: Seminar, people: list[User], cookies: dict[int, str]) -> float:
    """The seconds that all of them took, so many at once."""
    waiting: queue.SimpleQueue[User] = queue.SimpleQueue()
    for person in people:
        waiting.put(person)

    def go() -> None:
        line = http.client.HTTPConnection(HOST, port, timeout=60)
        try:
            while not waiting.empty():
                person = waiting.get(timeout=1)
                journey(line, about, cookies[person.pk])
        except queue.Empty:
            return

    return timed(go, AT_ONCE)


def timed(work: Callable[[], None], count: int) -> float:
    """Return the seconds until so many threads have done it; raises what stopped one of them."""
    wrong: list[Exception] = []

    def watched() -> None:
        try:
            work()
        except Exception as error:  # else the others' time would be taken for that of all
            wrong.append(error)

    threads = [threading.Thread(target=watched) for _number in range(count)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return time.perf_counter() - start


def journey(line: http.client.HTTPConnection, about: Seminar, cookie: str) -> None:
    page, more = asked(line, "GET", address("detail", about), cookie)
    press(line, about, f"{cookie}; {more}", page)
    asked(line, "GET", address("receipt", about), cookie)


def address(name: str, about: Seminar) -> str:
    return reverse(f"seminars:{name}", args=[about.pk])


def press(line: http.client.HTTPConnection, about: Seminar, cookie: str, page: bytes) -> None:
    """Press the button that stands on the page."""
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("the seminar's page has no button")
    body = urlencode({"csrfmiddlewaretoken": found[1].decode()})
    pressed(line, address("register", about), cookie, body, address("receipt", about))


def asked(
    line: http.client.HTTPConnection, method: str, path: str, cookie: str
) -> tuple[bytes, str]:
    """The page, and the cookie it set."""
    headers = {"Host": "localhost", "Cookie": cookie}
    line.request(method, path, headers=headers)
    response = line.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return body, (response.getheader("Set-Cookie") or "").partition(";")[0]


def pressed(line: http.client.HTTPConnection, path: str, cookie: str, body: str, then: str) -> None:
    """Press the button, again when told that it is busy."""
    headers = {
        "Host": "localhost",
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for _press in range(20):
        line.request("POST", path, body=body, headers=headers)
        response = line.getresponse()
        response.read()
        if response.status == 302 and response.getheader("Location") == then:
            return
        if response.status != 302:
            raise RuntimeError(f"{path} answered {response.status}")
    raise RuntimeError(f"{path} was busy twenty times")


def transactions(people: list[User]) -> float:
    about = seminar("Alene", 10_000)
    waiting: queue.SimpleQueue[User] = queue.SimpleQueue()
    for person in people:
        waiting.put(person)

    def go() -> None:
        with psycopg.connect(dsn(), autocommit=True) as own:
            while not waiting.empty():
                try:
                    person = waiting.get_nowait()
                except queue.Empty:
                    return
                take_seat(own, about.pk, person.pk)

    return len(people) / timed(go, WORKERS * THREADS)


def refuse_wrong(about: Seminar, size: Size) -> None:
    """A rush that sold too many, or lost somebody, would look quick."""
    states = Counter(about.registrations.values_list("state", flat=True))
    if states != {"registered": size.seats, "waitlisted": size.leaders - size.seats}:
        raise RuntimeError(f"the rush ended in {states}")
    wrong = [fault for fault in faults(now=timezone.now()) if fault.seminar_id == about.pk]
    if wrong:
        raise RuntimeError(str(wrong[0]))


def dsn() -> str:
    names = ("dbname", "user", "password", "host", "port")
    known = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: known[name] for name in names if known.get(name)}
    )


def seminar(title: str, capacity: int) -> Seminar:
    now = timezone.now()
    day = dt.timedelta(days=1)
    times = {"starts_at": now + 20 * day, "ends_at": now + 20 * day + dt.timedelta(hours=6)}
    made: Seminar = Seminar.objects.create(
        title=title,
        summary="En måling.",
        place_name="Rådhuset",
        organiser_unit=Unit.objects.agencies().order_by("pk")[0],
        created_by=User.objects.order_by("pk")[0],
        capacity=capacity,
        state="published",
        published_at=now,
        registration_opens_at=now - day,
        registration_closes_at=now + 10 * day,
        **times,
    )
    Session.objects.create(seminar=made, **times)
    return made


def leaders(count: int) -> list[User]:
    """So many of those who lead a unit, or have led one."""
    leading = Leadership.objects.values("user")
    return list(User.objects.filter(pk__in=leading, is_active=True).order_by("pk")[:count])


def cookie_of(person: User) -> str:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    session = store()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
