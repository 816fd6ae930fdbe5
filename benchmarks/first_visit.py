"""What a first visit weighs: every byte over the wire, counted by a browser with nothing kept.

The portal is served as script/server serves it. Each page is opened by a browser of its own, and
then once more, which tells what a visit weighs after the first. The sign-in page is also told by
kind, and beside what the same files weigh when nothing is compressed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.report import Report
from benchmarks.seed import prepare_with_people
from benchmarks.size import Size
from benchmarks.web_server import HOST, serving, signed_in_leader
from tests.journeys.browser import browser_path, launched

MOST_KILOBYTES = 110
PHONE_WIDTH, PHONE_HEIGHT = 390, 844


@dataclass
class Weight:
    """Bytes of each kind (Document, Stylesheet …): as they came, and as they were unpacked."""

    sent: Counter[str] = field(default_factory=Counter)
    unpacked: Counter[str] = field(default_factory=Counter)

    @property
    def kilobytes(self) -> float:
        return self.sent.total() / 1000


def run(report: Report, size: Size) -> None:
    prepare_with_people(size)
    cookie = signed_in_leader().partition("=")[2]
    path = browser_path()
    pages = {
        "welcome": (reverse("home"), ""),
        "sign-in page": (reverse("account_login"), ""),
        "my page": (reverse("home"), cookie),
        "seminar list": (reverse("seminars:list"), cookie),
    }
    with (
        serving("granian") as (port, _session),
        sync_playwright() as playwright,
        launched(playwright, path) as browser,
    ):
        for name, (address, session) in pages.items():
            report.note(f"{name}: {address}")
            first, second = visits(browser, f"http://{HOST}:{port}", address, session)
            report.add(f"first_visit.{name}", first.kilobytes, "kB", most=MOST_KILOBYTES)
            report.add(f"first_visit.{name}, again", second.kilobytes, "kB")
            for kind, sent in sorted(first.sent.items()):
                unpacked = first.unpacked[kind] / 1000
                report.add(f"first_visit.{name}, {kind}", sent / 1000, "kB", beside=unpacked)


def visits(browser: Browser, server: str, address: str, session: str) -> tuple[Weight, Weight]:
    """Return what the page weighs to a browser that was never there, and to the same one again."""
    context = browser.new_context(
        base_url=server, viewport={"width": PHONE_WIDTH, "height": PHONE_HEIGHT}, locale="nb-NO"
    )
    if session:
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": server}])
    try:
        return weight(context, address), weight(context, address)
    finally:
        context.close()


def weight(context: BrowserContext, address: str) -> Weight:
    page, weighed, kinds = context.new_page(), Weight(), {}
    browser = context.new_cdp_session(page)

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def unpacked(event: dict[str, Any]) -> None:
        weighed.unpacked[kinds.get(event["requestId"], "Other")] += event["dataLength"]

    def finished(event: dict[str, Any]) -> None:
        weighed.sent[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    browser.on("Network.responseReceived", answered)
    browser.on("Network.dataReceived", unpacked)
    browser.on("Network.loadingFinished", finished)
    browser.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    page.close()
    return weighed
