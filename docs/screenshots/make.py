"""Pictures of the portal for the README, taken from a demo that is running.

    script/server                               # in one terminal
    script/screenshots http://localhost:8000    # in another

The address is http://localhost:8000 if left out, and the browser is that of the journeys.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.journeys.browser import browser_path, launched

FOLDER = Path(__file__).resolve().parent
DESKTOP = ViewportSize(width=1360, height=960)
PHONE = ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class Picture:
    """What is shown to whom; `find` goes there from «Min side»."""

    name: str
    viewer: str
    find: Callable[[Page], None]
    size: ViewportSize


def stay(page: Page) -> None:
    """«Min side» is where one lands."""


def open_seminar(page: Page) -> None:
    page.goto("/seminarer/?q=tillitsbasert")
    page.get_by_role("link", name="Tillitsbasert ledelse").first.click()


def open_seminars(page: Page) -> None:
    page.goto("/seminarer/")


def open_mission(page: Page) -> None:
    page.goto("/oppdrag/")


def open_agreement(page: Page) -> None:
    """What the leader has proposed."""
    page.get_by_role("link", name="Se forslaget").first.click()


def open_report(page: Page) -> None:
    page.goto("/rapporter/")


PICTURES = [
    Picture("min-side", "leader", stay, DESKTOP),
    Picture("seminarer", "leader", open_seminars, DESKTOP),
    Picture("seminar", "leader", open_seminar, DESKTOP),
    Picture("oppdrag", "employee", open_mission, DESKTOP),
    Picture("avtale", "employee", open_agreement, DESKTOP),
    Picture("rapport", "hr", open_report, DESKTOP),
    Picture("min-side-mobil", "employee", stay, PHONE),
]


def main(address: str) -> None:
    path = browser_path()
    with sync_playwright() as playwright, launched(playwright, path) as browser:
        for picture in PICTURES:
            take(browser, picture, address)
            sys.stdout.write(f"docs/screenshots/{picture.name}.png\n")


def take(browser: Browser, picture: Picture, address: str) -> None:
    context = browser.new_context(
        base_url=address, viewport=picture.size, locale="nb-NO", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/konto/logg-inn/")
    page.locator(f"button[name=person][value={picture.viewer}]").click()
    picture.find(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
