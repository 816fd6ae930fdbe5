"""A browser for each person, against the whole portal."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from people.models import User
from tests.journeys.browser import browser_path, launched
from tests.journeys.stack import Stack, is_at_rest, log_path, log_since, running_stack
from tests.machine import wait_for

# Playwright's synchronous API keeps an event loop in this thread, which Django takes for a view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PASSWORD = "riktig hest batteri stift"
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"desktop": (1360, 900), "phone": (390, 844)}
MANNERS = WIDTHS | {"keyboard": (1360, 900), "no script": (390, 844)}
"""By Tab and Enter alone, and in a browser that runs no script."""
IN_EVERY_MANNER = pytest.mark.parametrize("width", list(MANNERS))
SIGN_IN = "/konto/logg-inn/"
PATIENCE = 60_000
"""Milliseconds. Costs nothing where all is well, and a busy machine has been seen to need ten."""
STANDS_STILL = """() => Promise.all([
  document.fonts.ready,
  ...document.getAnimations()
    .filter(one => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map(one => one.finished.catch(() => null)),
])"""
SHOWN = 3000

pages_key = pytest.StashKey[list[Page]]()
log_key = pytest.StashKey[int]()
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def shown_pages(request: pytest.FixtureRequest) -> list[Page]:
    """What is told of when the journey fails."""
    request.node.stash[log_key] = log_path().stat().st_size if log_path().exists() else 0
    return request.node.stash.setdefault(pages_key, [])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed and pages_key in item.stash:
        for number, page in enumerate(item.stash[pages_key], start=1):
            with suppress(Error):
                report.sections.append((f"Window {number}", what_it_shows(page)))
        report.sections.append(("Web, worker and beat", log_since(item.stash[log_key])))
    return report


def what_it_shows(page: Page) -> str:
    return f"{page.url}\n{page.locator('body').inner_text(timeout=5000)[:SHOWN]}"


@pytest.fixture(scope="package")
def stack(django_db_setup: None, django_db_blocker: object) -> Iterator[Stack]:
    """Gone when the last journey is: its worker and its sweeps would send other tests' letters."""
    with running_stack() as everything:
        yield everything


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Chosen before Playwright's own loop runs in this thread, which it may do once at a time.
    path = browser_path()
    with sync_playwright() as playwright, launched(playwright, path) as browser:
        yield browser


@pytest.fixture(params=list(WIDTHS))
def width(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def alone(chromium: Browser, stack: Stack, transactional_db: None) -> Iterator[None]:
    """Sign-in attempts and letters of one journey are no business of the next.

    Its windows are closed by now. What they have left to web and worker is waited for, before the
    tables are emptied under it.
    """
    cache.clear()
    stack.mailbox.messages.clear()
    yield
    for context in chromium.contexts:
        context.close()
    wait_for(is_at_rest)


@pytest.fixture
def browser_of(
    chromium: Browser, stack: Stack, alone: None, shown_pages: list[Page], width: str
) -> Callable[[User], Page]:
    """`browser_of(leader)`: a window of that person's own, signed in with their password."""
    wide, high = MANNERS[width]

    def open_browser(user: User) -> Page:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        context = chromium.new_context(
            base_url=stack.url,
            viewport={"width": wide, "height": high},
            locale="nb-NO",
            java_script_enabled=width != "no script",
        )
        page = context.new_page()
        page.uses_keyboard = width == "keyboard"  # type: ignore[attr-defined]
        page.set_default_timeout(PATIENCE)
        shown_pages.append(page)
        violations: list[str] = []
        page.on(
            "console",
            lambda message: (
                violations.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )
        page.violations = violations  # type: ignore[attr-defined]
        page.goto(SIGN_IN)
        page.get_by_label("E-post").fill(user.email)
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Logg inn", exact=True).click()
        page.wait_for_url(lambda url: urlsplit(url).path != SIGN_IN)
        return page

    return open_browser


@pytest.fixture
def has_no_barriers(width: str) -> Callable[[Page], None]:
    """The page as it stands has no violation that axe can find, and broke no content policy.

    axe is a script: of a page without any, only what the browser itself complained of is asked.
    """

    def check(page: Page) -> None:
        if width == "no script":
            assert page.violations == []  # type: ignore[attr-defined]
            return
        result = judged_by_axe(page)
        found = [
            (fault["id"], node["html"]) for fault in result["violations"] for node in fault["nodes"]
        ]
        assert found == []
        assert page.violations == []  # type: ignore[attr-defined]

    return check


def judged_by_axe(page: Page, *, attempts: int = 5) -> dict[str, list[dict[str, list]]]:
    """A page that is left while it is judged is nobody's any more: then the next one is."""
    for attempts_left in reversed(range(attempts)):
        try:
            wait_until_still(page)
            # evaluate() goes by the debugger, so that the page's own policy stays as it is.
            page.evaluate(AXE.read_text(encoding="utf-8"))
            return page.evaluate("axe.run({resultTypes: ['violations']})")
        except Error as error:
            was_left = "context was destroyed" in error.message or "axe is not" in error.message
            if not (was_left and attempts_left):
                raise
    raise AssertionError("unreachable")


def wait_until_still(page: Page) -> None:
    """Everything is here, drawn in its own type, and nothing fades or is about to be put in."""
    page.wait_for_load_state("load")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    page.evaluate(STANDS_STILL)
