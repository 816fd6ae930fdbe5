"""Every page as every kind of user on a screen of 320 px: nothing has to be scrolled sideways."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Page

from people.models import User
from tests.access import Row
from tests.cast import KINDS, Cast
from tests.crawl import all_rows
from tests.journeys.conftest import wait_until_still
from tests.rich import make_rich, write_long

NARROW = 320
WIDER = """() => {
  const seen = document.documentElement.clientWidth;
  if (!document.querySelector('main') || document.documentElement.scrollWidth <= seen) return [];
  const around = one =>
    getComputedStyle(one).position === 'absolute' ? one.offsetParent : one.parentElement;
  const scrolls = one => {
    const box = around(one);
    return box && box !== document.body && box !== document.documentElement
      && (getComputedStyle(box).overflowX !== 'visible' || scrolls(box));
  };
  const wide = [...document.body.querySelectorAll('*')]
    .filter(one => {
      const box = one.getBoundingClientRect();
      const reaches = Math.max(box.right, box.left + one.scrollWidth);
      return reaches > seen + 0.5 && !scrolls(one);
    });
  const inmost = wide.filter(one => ![...one.children].some(child => wide.includes(child)));
  return [`${document.documentElement.scrollWidth} px`, ...inmost.slice(0, 3)
    .map(one => one.cloneNode(false).outerHTML.slice(0, 160))];
}"""
"""How wide the page is where it is too wide, and the inmost elements that stick out of it."""
CUT = """() => [...document.querySelectorAll('.pkt-btn, .pkt-tabs__link')]
  .filter(one => one.clientHeight)
  .filter(one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map(one => `cut: ${one.innerText}`).slice(0, 3)"""
"""Buttons and tabs whose words do not fit between their borders."""


@pytest.mark.parametrize("kind", ["anonymous", *KINDS])
@pytest.mark.parametrize("width", ["phone"])
def test_no_page_is_wider_than_the_screen(
    kind: str, cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    rows = [*all_rows(cast), *make_rich(cast)]
    write_long()
    page = browser_of(cast.leader if kind == "anonymous" else getattr(cast, kind))
    if kind == "anonymous":
        page.context.clear_cookies()
    page.set_viewport_size({"width": NARROW, "height": 700})
    read = {address: how_wide(page, address) for address in addresses(rows, kind)}
    assert len(read) > (5 if kind == "anonymous" else 50)
    found = [f"{address}: {' '.join(wide)}" for address, wide in read.items() if wide]
    assert not found, "\n".join(found)


def addresses(rows: list[Row], kind: str) -> Iterator[str]:
    """All that a page may stand at; what is refused looks alike, and is read of one row each."""
    refused: set[int | str] = set()
    for row in rows:
        status = row.expected[kind]
        if row.method != "get" or status in refused or row.name in LEAVING:
            continue
        if status not in (200, 302):
            refused.add(status)
        query = "&".join(f"{name}={value}" for name, value in row.data.items())
        yield reverse(row.name, args=row.args, kwargs=row.kwargs) + (f"?{query}" if query else "")


LEAVING = ("account_logout",)


def how_wide(page: Page, address: str) -> list[str]:
    try:
        page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return []
        raise
    wait_until_still(page)
    return [*page.evaluate(WIDER), *page.evaluate(CUT)]
