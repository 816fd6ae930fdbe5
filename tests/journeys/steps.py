"""What every visitor does."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.journeys.hands import press


def follow(way: Locator) -> None:
    """Press what leads to a page, this one again or another, and wait until all of it is here."""
    with way.page.expect_navigation():
        press(way)
