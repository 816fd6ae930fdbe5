"""Every page as every kind of user, as people have set up their browsers and their systems.

On a screen of 320 px, and with as much room between letters, words and lines as WCAG 1.4.12 asks
for: nothing has to be scrolled sideways, and no word is cut. Where the focus comes, words can be
read. In the colours of the system, what is chosen, where one is, icons and charts can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Page

from people.models import User
from tests.access import Row
from tests.cast import KINDS, Cast
from tests.commitments.factories import make_agreement
from tests.crawl import all_rows
from tests.journeys.conftest import wait_until_still
from tests.rich import make_rich, write_long
from tests.seminars.factories import make_seminar

NARROW = 320
WIDE = 1360
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
SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""
SET = """words => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(words);
  document.adoptedStyleSheets = [sheet];
}"""
"""A stylesheet of the reader's own, which the page's policy lets be."""
COLOURS = """
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(one => one / 255)
    .map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [.2126, .7152, .0722][place], 0);
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const ground = one => {
    for (let box = one; box; box = box.parentElement) {
      const colour = parts(getComputedStyle(box).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const drawn = one =>
    one.getClientRects().length && getComputedStyle(one).visibility === 'visible';
"""
FOCUSED = f"""() => {{
  {COLOURS}
  const faint = [];
  for (const one of document.querySelectorAll('a[href], button, summary')) {{
    if (!drawn(one) || one.disabled) continue;
    one.focus({{preventScroll: true, focusVisible: true}});
    const found = contrast(parts(getComputedStyle(one).color), ground(one));
    if (found < 4.5 && one.innerText.trim())
      faint.push(`${{found.toFixed(2)}}:1 in focus: ${{one.innerText.slice(0, 60)}}`);
  }}
  document.activeElement?.blur();
  return faint.slice(0, 3);
}}"""
"""Links and buttons whose words can hardly be read where the focus is on them."""
FORCED = f"""() => {{
  {COLOURS}
  const unseen = [];
  const tell = (what, one) =>
    unseen.push(`${{what}}: ${{one.cloneNode(false).outerHTML.slice(0, 120)}}`);
  for (const one of document.querySelectorAll('.pkt-icon > svg, svg rect, svg circle'))
    if (drawn(one) && !one.matches('.lp-progress__track, .lp-step-open, .lp-step-rest')
        && contrast(parts(getComputedStyle(one).fill), ground(one)) < 3) tell('not seen', one);
  for (const one of document.querySelectorAll('input[type=radio], input[type=checkbox]'))
    if (drawn(one) && getComputedStyle(one).appearance === 'none') tell('no box', one);
  const line = one => ['borderBottomColor', 'borderLeftWidth', 'outlineStyle', 'outlineWidth']
    .map(name => getComputedStyle(one)[name]).join();
  for (const one of document.querySelectorAll('nav a[aria-current]')) {{
    const list = one.closest('ul, ol, .pkt-tabs__list');
    const other = list && [...list.querySelectorAll('a:not([aria-current])')].find(drawn);
    if (drawn(one) && other && line(one) === line(other)) tell('not told from the others', one);
  }}
  return unseen.slice(0, 3);
}}"""
"""What the colours of the system hide: drawings, boxes to tick, and where one is."""

ALIGNED = """() => {
  const odd = [];
  for (const row of document.querySelectorAll('table tbody tr')) {
    const heads = row.closest('table').tHead?.rows[0]?.cells;
    if (row !== row.parentElement.rows[0] || heads?.length !== row.cells.length) continue;
    [...row.cells].forEach((cell, place) => {
      const head = heads[place];
      if (!head || !head.innerText.trim() || !head.getClientRects().length) return;
      const [over, under] = [head, cell].map(one => getComputedStyle(one).textAlign);
      if ((over === 'right') !== (under === 'right'))
        odd.push(`${head.innerText} is ${over} over ${under}`);
    });
  }
  return odd.slice(0, 3);
}"""
"""Columns whose numbers stand to the right and whose heading does not."""
BROKEN = """() => [...document.querySelectorAll('.pkt-stepper--horizontal')]
  .filter(one => one.getClientRects().length)
  .filter(one => new Set([...one.children].map(
    step => Math.round(step.getBoundingClientRect().top))).size > 1)
  .map(one => `steps in two rows: ${one.innerText.slice(0, 60)}`)"""
"""Steps whose line breaks off: whoever reads them sees two ways, and not one."""


@pytest.mark.parametrize("kind", ["anonymous", *KINDS])
@pytest.mark.parametrize("width", ["phone"])
def test_every_page_can_be_read(kind: str, cast: Cast, browser_of: Callable[[User], Page]) -> None:
    rows = [*all_rows(cast), *make_rich(cast)]
    write_long()
    page = browser_of(cast.leader if kind == "anonymous" else getattr(cast, kind))
    if kind == "anonymous":
        page.context.clear_cookies()
    page.set_viewport_size({"width": NARROW, "height": 700})
    read = {address: what_is_wrong(page, address) for address in addresses(rows, kind)}
    assert len(read) > (5 if kind == "anonymous" else 50)
    found = [f"{address}: {' '.join(wide)}" for address, wide in read.items() if wide]
    assert not found, "\n".join(found)


PLANTED = {
    "h1 { width: 30rem }": WIDER,
    ".pkt-btn { height: 1rem !important; min-height: 0 !important; padding: 0 !important }": CUT,
    ".lp-skip:focus { color: #2a2859 !important; background: #1f42aa !important }": FOCUSED,
    ".pkt-icon > svg { fill: Canvas !important }": FORCED,
    "input { appearance: none !important }": FORCED,
    ".lp-menu__link { border-left: 4px solid Highlight !important }": FORCED,
}


@pytest.mark.parametrize("width", ["phone"])
def test_control_what_cannot_be_read_is_found(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    page = browser_of(cast.leader)
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto(reverse("seminars:list"))
    page.emulate_media(forced_colors="active")
    page.locator("summary").first.click()
    sound = {check: page.evaluate(check) for check in PLANTED.values() if check != FOCUSED}
    assert [found for found in sound.values() if found] == []
    for words, check in PLANTED.items():
        page.emulate_media(forced_colors="active" if check == FORCED else "none")
        page.evaluate(SET, words)
        assert page.evaluate(check), words


@pytest.mark.parametrize("width", ["phone"])
def test_the_head_of_a_page_is_one_row_on_the_narrowest_screen(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    page = browser_of(cast.leader)
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto(reverse("seminars:list"))
    name, menu = (
        page.locator(part).first.bounding_box()
        for part in (".pkt-header-service__service-name", ".lp-menu--phone")
    )
    assert name is not None
    assert menu is not None
    assert name["y"] + name["height"] > menu["y"]
    assert name["x"] + name["width"] < menu["x"]


@pytest.mark.parametrize("width", ["phone"])
def test_control_steps_in_two_rows_are_found(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    page = browser_of(cast.leader)
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto(reverse("commitments:detail", args=[make_agreement(cast).pk]))
    assert page.locator(".pkt-step").count() == 4
    assert page.evaluate(BROKEN) == []
    page.evaluate(SET, ".pkt-stepper { grid-auto-flow: row !important }")
    assert page.evaluate(BROKEN) != []


@pytest.mark.parametrize("width", ["desktop"])
def test_control_a_heading_that_is_not_over_its_numbers_is_found(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    page = browser_of(cast.organiser)
    make_seminar(cast.other_agency, created_by=cast.organiser)
    page.goto(reverse("seminars:organise"))
    assert page.locator("td.lp-number").count()
    assert page.evaluate(ALIGNED) == []
    page.evaluate(SET, "th.lp-number { text-align: left !important }")
    assert page.evaluate(ALIGNED) != []


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


def what_is_wrong(page: Page, address: str) -> list[str]:
    try:
        page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return []
        raise
    wait_until_still(page)
    found = [*page.evaluate(WIDER), *page.evaluate(CUT), *page.evaluate(BROKEN)]
    page.evaluate(SET, SPACED)
    found += [f"with room: {one}" for one in (*page.evaluate(WIDER), *page.evaluate(CUT))]
    page.evaluate(SET, "* { transition: none !important }")
    found += page.evaluate(FOCUSED)
    page.emulate_media(forced_colors="active")
    found += page.evaluate(FORCED)
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": WIDE, "height": 700})
    found += page.evaluate(ALIGNED)
    page.set_viewport_size({"width": NARROW, "height": 700})
    return found
