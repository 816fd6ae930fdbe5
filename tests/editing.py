"""What a page that edits something stored carries, for tests that send its form."""

from __future__ import annotations

import lxml.html
from django.test import Client


def seen_on(browser: Client, url: str) -> dict[str, str]:
    """Return the hidden field of the page as it is opened now."""
    page = lxml.html.fromstring(browser.get(url).content.decode())
    (value,) = page.xpath("//main//form//input[@name='seen']/@value")
    return {"seen": value}


def typed_on(page: str) -> dict[str, str]:
    """Return what the page's form sends when nothing is typed and «Lagre» is pressed."""
    (form,) = lxml.html.fromstring(page).xpath("//main//form[@method='post']")
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
