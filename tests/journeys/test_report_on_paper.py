"""The participation report as it is printed: every column, and nothing that can only be pressed."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
from playwright.sync_api import Page

from people.models import User
from tests.cast import Cast

NARROWER = """() => [...document.querySelectorAll('.lp-report th')]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map(one => one.innerText)"""
PAPER = 718
"""Pixels between the margins of A4."""


def test_the_printed_report_has_every_column(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    page = browser_of(cast.hr)
    page.goto("/rapporter/")
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = "\n".join(one.extract_text() for one in paper.pages)
    assert [word for word in ("Vis tall", "Last ned", "Velg datoer", "Meny") if word in text] == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 900})
    assert page.locator(".lp-report th").count() > 7
    assert page.evaluate(NARROWER) == []
