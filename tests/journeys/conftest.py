"""A browser for each person, against the whole portal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from people.models import User
from tests.journeys.stack import Stack, running_stack

# Playwright's synchronous API keeps an event loop in this thread, which Django takes for a view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "riktig hest batteri stift"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"desktop": (1360, 900), "phone": (390, 844)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="package")
def stack(django_db_setup: None, django_db_blocker: object) -> Iterator[Stack]:
    """Gone when the last journey is: its worker and its sweeps would send other tests' letters."""
    with running_stack() as everything:
        yield everything


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=list(WIDTHS))
def width(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def browser_of(
    chromium: Browser, stack: Stack, transactional_db: None, width: str
) -> Iterator[Callable[[User], Page]]:
    """`browser_of(leader)`: a window of that person's own, signed in with her password."""
    # Sign-in attempts and letters of the journey before are no business of this one.
    cache.clear()
    stack.mailbox.messages.clear()
    pages: list[Page] = []
    wide, high = WIDTHS[width]

    def open_browser(user: User) -> Page:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        context = chromium.new_context(
            base_url=stack.url, viewport={"width": wide, "height": high}, locale="nb-NO"
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        pages.append(page)
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
        page.goto("/konto/logg-inn/")
        page.get_by_label("E-post").fill(user.email)
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Logg inn", exact=True).click()
        expect(page.get_by_role("button", name="Logg inn", exact=True)).to_have_count(0)
        return page

    yield open_browser
    for page in pages:
        page.context.close()


@pytest.fixture
def has_no_barriers() -> Callable[[Page], None]:
    """The page as it stands has no violation that axe can find, and broke no content policy."""

    def check(page: Page) -> None:
        # evaluate() goes by the debugger, so that the page's own policy stays as it is.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("axe.run({resultTypes: ['violations']})")
        found = [
            (fault["id"], node["html"]) for fault in result["violations"] for node in fault["nodes"]
        ]
        assert found == []
        assert page.violations == []  # type: ignore[attr-defined]

    return check
