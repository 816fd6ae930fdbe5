"""Which browser the journeys drive, decided here alone: the first one found that really starts.

    python -m tests.journeys.browser

prints where it is, or says on standard error why each that was found does not start.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_MILLISECONDS = 180_000
"""A busy machine has been seen to need a minute; one that cannot start says so at once."""
HOME_VARIABLES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class NoBrowserError(Exception):
    """No browser was found that starts; the message says what was tried."""


def candidates() -> list[str]:
    """Return the browsers to try; where CHROMIUM names one, that one and no other."""
    if named := os.environ.get("CHROMIUM"):
        return [named]
    found = (shutil.which(name) for name in NAMES)
    on_mac = (path for path in MAC if Path(path).exists())
    return list(dict.fromkeys([*(path for path in found if path), *on_mac]))


@contextmanager
def launched(playwright: Playwright, path: str) -> Iterator[Browser]:
    """Start the browser with a home of its own, which is gone when it has ended."""
    with tempfile.TemporaryDirectory(prefix="journeys-", ignore_cleanup_errors=True) as home:
        own = os.environ | dict.fromkeys(HOME_VARIABLES, home)
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, env=dict(own), timeout=START_MILLISECONDS
        )
        try:
            yield browser
        finally:
            browser.close()


def start_fault(path: str) -> str:
    """Return why the browser does not show a page, in its own words; nothing when it does."""
    try:
        with sync_playwright() as playwright, launched(playwright, path) as browser:
            browser.new_page().set_content("<p>Hei</p>")
    except Error as error:
        said = [line.split("[err]", 1)[1] for line in error.message.splitlines() if "[err]" in line]
        return said[0].strip() if said else error.message.splitlines()[0]
    return ""


@functools.cache
def browser_path() -> str:
    """Return where the first browser is that starts. Raises NoBrowserError where none does."""
    faults: dict[str, str] = {}
    for path in candidates():
        fault = start_fault(path)
        if not fault:
            return path
        faults[path] = fault
    if not faults:
        raise NoBrowserError(f"There is none of {', '.join(NAMES)} here.")
    raise NoBrowserError("\n".join(f"{path}: {why}" for path, why in faults.items()))


if __name__ == "__main__":
    try:
        sys.stdout.write(browser_path() + "\n")
    except NoBrowserError as error:
        sys.exit(str(error))
