"""What a page that edits something stored carries, for tests that send its form."""

from __future__ import annotations

import lxml.html
from django.test import Client


def seen_on(browser: Client, url: str) -> dict[str, str]:
    """Return the hidden field of the page as it is opened now."""
    page = lxml.html.fromstring(browser.get(url).content.decode())
    (value,) = page.xpath("//main//form//input[@name='seen']/@value")
    return {"seen": value}
