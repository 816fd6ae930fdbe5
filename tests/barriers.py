"""What keeps people out of a page and no checker of rules sees: how its parts are named and marked.

`barriers(text)` says each, in words. What only a browser can tell (colours, widths, what the focus
does) is tried in tests/journeys/.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import html
from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
STYLED_AS_HEADING = re.compile(r"\bpkt-txt-(?:2\d|3\d|[45]\d)(?:-medium|-bold)?(?!\S)")
STAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?|\d\d:\d\d(?::\d\d)?"
)


def barriers(text: str) -> list[str]:
    page = html.document_fromstring(text)
    return [one for check in CHECKS for one in check(page)]


def words_of(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def opening(element: HtmlElement) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    return f"<{element.tag}{attributes}>"[:120]


def tables(page: HtmlElement) -> Iterator[str]:
    """A row of a table with columns is about something, and that cell is its header."""
    for table in page.iter("table"):
        if table.get("role") == "presentation":
            continue
        rows = [row for row in table.iter("tr") if row.find("td") is not None]
        is_bare = any(len(row) > 1 and row.find("th") is None for row in rows)
        if is_bare:
            yield f"rows without a header in «{words_of(table)[:60]}»"


def headings(page: HtmlElement) -> Iterator[str]:
    for heading in page.iter(*HEADINGS):
        for inner in heading.iterdescendants():
            if inner.get("role") in ("status", "alert") or inner.get("aria-live"):
                yield f"a live region in the heading «{words_of(heading)}»"
    for element in page.iter("p", "div", "span", "strong"):
        if STYLED_AS_HEADING.search(element.get("class", "")) and not is_within(element, HEADINGS):
            yield f"looks like a heading and is none: {opening(element)}"


def is_within(element: HtmlElement, tags: tuple[str, ...]) -> bool:
    return any(one.tag in tags for one in element.iterancestors())


def drawings(page: HtmlElement) -> Iterator[str]:
    for svg in page.iter("svg"):
        if not (svg.get("width") and svg.get("height")):
            yield f"as large as the page where the stylesheet fails: {opening(svg)}"


def stamps(page: HtmlElement) -> Iterator[str]:
    for time in page.iter("time"):
        if not STAMP.fullmatch(time.get("datetime", "")):
            yield f"no date or time in {opening(time)}"


def fields(page: HtmlElement) -> Iterator[str]:
    """A choice that nobody has made yet is not wrong, and a browser takes `required` for that."""
    for field in page.iter("input"):
        if field.get("type") == "radio" and "required" in field.attrib:
            yield f"told as wrong before it is touched: {opening(field)}"
    for label in page.iter("label", "legend"):
        if re.search(r"\((?:valgfritt|frivillig|optional)\)|\*$", words_of(label), re.I):
            yield f"marks what need not be filled in: «{words_of(label)}»"


def groups(page: HtmlElement) -> Iterator[str]:
    """Two groups of choices on a page are told apart by their names."""
    for form in page.iter("form"):
        names = Counter(
            words_of(legend) for legend in form.iter("legend") if not is_in_group(legend)
        )
        yield from (f"{count} groups called «{name}»" for name, count in names.items() if count > 1)


def is_in_group(legend: HtmlElement) -> bool:
    """Its fieldset stands in another one, whose name is read with it."""
    group = legend.getparent()
    return group is not None and is_within(group, ("fieldset",))


def refreshing(page: HtmlElement) -> Iterator[str]:
    """What is put in anew by itself keeps the focus on what has an id, and on nothing else."""
    for region in page.iter():
        if "every" in region.get("hx-trigger", ""):
            for element in region.iter("a", "button", "input", "select", "textarea", "summary"):
                if not element.get("id") and element.get("type") != "hidden":
                    yield f"loses the focus when its part is refreshed: {opening(element)}"


def titles(page: HtmlElement) -> Iterator[str]:
    """The first that is heard of a page says whether something has to be put right."""
    title = words_of(page.find(".//title")) if page.find(".//title") is not None else ""
    is_wrong = page.find(".//*[@data-error-summary]") is not None
    says_so = title.startswith(("Feil: ", "Error: "))
    if title and is_wrong != says_so:
        yield f"{'has' if is_wrong else 'has no'} errors, and its title is «{title}»"
    if title and not is_wrong and page.find(".//*[@aria-invalid='true']") is not None:
        yield f"errors without a summary on «{title}»"


Check = Callable[[HtmlElement], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    tables,
    headings,
    drawings,
    stamps,
    fields,
    groups,
    refreshing,
    titles,
)


def path_of(text: str) -> tuple[str, str, str]:
    """Return the title of a page, its heading and the way down to it."""
    page = html.document_fromstring(text)
    heading = page.find(".//h1")
    way = [
        words_of(one) for one in page.iter("ol") if "pkt-breadcrumbs__list" in one.get("class", "")
    ]
    title = page.find(".//title")
    return (
        "" if title is None else words_of(title),
        "" if heading is None else words_of(heading),
        " / ".join(way),
    )
