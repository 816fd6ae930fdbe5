"""Codes of seats in front of a camera: how many of each kind of picture are read, and how fast.

The pictures of `tests/corpora/code_images` are shown to the reader of the door's own page, in a
browser, from the real server; each may be looked at twice, as the page looks again at what is held
still. Some are shown once more and pressed, by a processor a fourth as fast (that of a cheap
telephone) and by this one: the time from the first look until the door has answered, to which the
page's pause between two looks comes.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import CDPSession, Page, sync_playwright

from attendance import codes
from attendance.models import Scan
from benchmarks.door import going_on, organisers, participants, percentile
from benchmarks.registration import cookie_of
from benchmarks.report import Report
from benchmarks.seed import prepare_with_people
from benchmarks.size import Size
from benchmarks.web_server import HOST, serving
from tests.corpora.code_images import CodeImage, CodeReading
from tests.journeys.browser import browser_path, launched

WANTED_PERCENT = 99
SLOWER = 4
WANTED_SECONDS = 1.0
"""Until the door has answered, on a slow telephone."""
PRESS = """async code => {
  const began = performance.now();
  await lpDoor.press({ code });
  return performance.now() - began;
}"""


def run(report: Report, size: Size) -> None:
    prepare_with_people(size)
    path = browser_path()
    (host,) = organisers(1)
    seminar = going_on(size.at_the_door)
    key = codes.key_of(seminar)
    address = reverse("attendance:door", args=[seminar.pk, seminar.sessions.get().pk])
    cookie = cookie_of(host)
    shown = [codes.code_of(pk, key) for pk in participants(seminar)]
    with (
        serving("granian") as (port, _session),
        open_door(path, f"http://{HOST}:{port}", address, cookie) as page,
    ):
        reading = CodeReading(page)
        report.note("reading …")
        tell_read(report, reading, list(reading.images(shown, size.codes_of_each_kind)))
        report.note("answering …")
        some = list(reading.images(shown[::-1], size.throttled_of_each_kind))
        tell_speed(report, page, reading, some)
    stored = Scan.objects.filter(session__seminar=seminar).values("registration").distinct()
    if stored.count() != len({one.code for one in some}):
        raise RuntimeError("some who were answered are not stored")


def tell_read(report: Report, reading: CodeReading, images: list[CodeImage]) -> None:
    """Tell by kind; raises where a code was taken for another."""
    read: dict[str, list[bool]] = {kind: [] for kind in reading.kinds}
    at_once, misread = 0, 0
    for image in images:
        reading.hold(image)
        look = reading.look()
        read[image.kind].append(look.texts == [image.code])
        at_once += look.texts == [image.code] and look.looks == 1
        misread += bool(look.texts) and look.texts != [image.code]
    right = sum(sum(one) for one in read.values())
    report.add("scanning.pictures", len(images), "pictures")
    report.add("scanning.read", 100 * right / len(images), "%", least=WANTED_PERCENT)
    report.add("scanning.read at the first look", 100 * at_once / len(images), "%")
    report.add("scanning.misread", misread, "pictures", most=0)
    for kind, found in read.items():
        report.add(f"scanning.read, {kind}", 100 * sum(found) / len(found), "%")
    if misread:
        raise RuntimeError(f"{misread} codes were taken for others")


def tell_speed(report: Report, page: Page, reading: CodeReading, images: list[CodeImage]) -> None:
    browser = page.context.new_cdp_session(page)
    times: dict[int, dict[str, list[float]]] = {1: {}, SLOWER: {}}
    for image in images:
        reading.hold(image)
        for rate, told in times.items():
            with throttled(browser, rate):
                look = reading.look()
                answer = page.evaluate(PRESS, image.code) / 1000
            seconds = look.milliseconds / 1000
            told.setdefault("look", []).append(seconds / look.looks)
            told.setdefault("answer", []).append(seconds + answer)
    for what in ("look", "answer"):
        slow, fast = times[SLOWER][what], times[1][what]
        middle = statistics.median(fast)
        report.add(
            f"scanning.{what}, {SLOWER} × slower", statistics.median(slow), "s", beside=middle
        )
    report.add("scanning.answer.95", percentile(times[SLOWER]["answer"]), "s", most=WANTED_SECONDS)


@contextmanager
def throttled(browser: CDPSession, rate: int) -> Iterator[None]:
    browser.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    yield
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})


@contextmanager
def open_door(path: str, server: str, address: str, cookie: str) -> Iterator[Page]:
    """The page of the door as its host has it open."""
    with sync_playwright() as playwright, launched(playwright, path) as browser:
        context = browser.new_context(base_url=server, locale="nb-NO")
        session = cookie.partition("=")[2]
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": server}])
        page = context.new_page()
        page.goto(address)
        yield page
