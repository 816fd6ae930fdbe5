"""What is wrong with a page's markup, as a browser or a screen reader would meet it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings

INVISIBLE = re.compile(
    "[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}\N{WORD JOINER}]"
)
GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,])")
WHOLE_DECIMAL = re.compile(r"-?\d+,\d+")
MONTHS = re.compile(r"\d{1,2}\.? (?:jan|feb|ma|apr|ju|aug|sep|okt|oct|nov|des|dec)\w*\b", re.I)
UNFILLED = re.compile(r"\{\{|\{%|%\(\w+\)[sd]")
PLACEHOLDER = re.compile(rf"{UNFILLED.pattern}|\bNone\b")

FOR_PEOPLE = {
    "abbr",
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "content",
    "data-autosave-failed",
    "data-failed",
    "data-label",
    "label",
    "placeholder",
    "summary",
    "title",
}
"""Read aloud or shown; every other attribute is read by a machine."""
REFERENCES = {
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "for",
    "form",
    "headers",
    "list",
}
NO_SPACES = {"id", "for", "href", "action", "src", "formaction", "hx-get", "hx-post", "list"}
NUMBERS = {"cx", "cy", "r", "rx", "ry", "x", "y", "x1", "x2", "y1", "y2", "width", "height"}
NUMBERS |= {"min", "max", "step", "colspan", "rowspan", "tabindex", "maxlength", "minlength"}
GEOMETRY = {"d", "points", "transform", "viewbox"}
"""Lists of numbers in the grammar of SVG, where a comma stands between two."""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:px|r?em|%)?|auto|any")
STAMPS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "datetime-local": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?"),
    "time": re.compile(r"\d\d:\d\d(?::\d\d)?"),
    "number": re.compile(r"-?\d+(?:\.\d+)?"),
}
"""What the value of such a field, or of <time datetime>, must be written as."""
TYPED = {"text", "search", "email", "url", "tel", "password"}
BUTTONS = {"submit", "button", "reset"}
UNSEEN = {"script", "style", "template"}
LONGEST = 150
PLAIN = {
    "lp-side--leader",
    "pkt-alert--info",
    "pkt-btn--medium",
    "pkt-btn--primary",
    "pkt-step--completed",
}
"""How a component is drawn when nothing is said, under its name."""


@cache
def variants() -> set[str]:
    """Return the variants of components (`pkt-tag--green`) that a stylesheet of ours draws."""
    found = set(PLAIN)
    for folder in settings.STATICFILES_DIRS:
        for path in Path(folder).rglob("*.css"):
            found |= set(re.findall(r"\.([\w-]+--[\w-]+)", path.read_text(encoding="utf-8")))
    return found


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of one element, with what decides how it is read."""

    tag: str
    name: str
    value: str
    type: str

    @property
    def is_for_people(self) -> bool:
        if self.name == "value" and self.tag == "input":
            return self.type in BUTTONS | TYPED
        return self.name in FOR_PEOPLE

    @property
    def leads_out(self) -> bool:
        return self.name == "href" and self.value.startswith("https://")

    def faults(self) -> Iterator[str]:
        said = f'<{self.tag} {self.name}="{self.value[:LONGEST]}">'
        # What leads out of the portal carries words, encoded; our own addresses hold none.
        plain = self.value if self.leads_out else unquote(self.value)
        value = plain.replace("\\u00a0", "\N{NO-BREAK SPACE}")
        if INVISIBLE.search(value):
            yield f"no-break space in {said}"
        elif self.name in GEOMETRY:
            return
        elif GROUPED.search(value) or WHOLE_DECIMAL.fullmatch(value):
            yield f"localised number in {said}"
        elif self.name in NUMBERS and not NUMBER.fullmatch(value):
            yield f"not a number in {said}"
        if self.name in NO_SPACES and re.search(r"\s", value.strip()):
            yield f"white space in {said}"
        if MONTHS.search(value):
            yield f"localised date in {said}"
        if PLACEHOLDER.search(value):
            yield f"nothing filled in in {said}"
        if not self.is_stamp():
            yield f"localised value in {said}"
        if self.name == "class":
            yield from (
                f"no stylesheet draws «{one}»"
                for one in self.value.split()
                if "--" in one and one not in variants()
            )

    def is_stamp(self) -> bool:
        if self.tag == "time" and self.name == "datetime":
            return any(STAMPS[kind].match(self.value) for kind in ("date", "time"))
        if self.tag == "input" and self.name == "value" and self.value:
            pattern = STAMPS.get(self.type)
            return pattern is None or bool(pattern.fullmatch(self.value))
        return True


@cache
def faults_of(one: Attribute) -> tuple[str, ...]:
    """Looked at once, since most attributes stand on every page."""
    return () if one.is_for_people else tuple(one.faults())


@dataclass
class Markup(HTMLParser):
    """The attributes, the ids and the words of a page, or of a part of one."""

    text: str
    attributes: list[Attribute] = field(default_factory=list)
    elements: list[dict[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    links: list[tuple[str, bool]] = field(default_factory=list)
    language: str = ""
    is_whole: bool = False
    unseen: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind = given.get("type", "text").lower()
        if given.get("aria-invalid") == "true":
            kind = "text"  # what was typed is kept, however it was written
        self.elements.append(given)
        self.attributes += [Attribute(tag, name, value, kind) for name, value in given.items()]
        if tag == "html":
            self.is_whole, self.language = True, given.get("lang", "")
        if tag in UNSEEN:
            self.unseen = tag
        self._follow(tag, given)

    def _follow(self, tag: str, given: dict[str, str]) -> None:
        """Where a GET leads from here, and whether it is htmx that fetches it."""
        if "hx-get" in given:
            self.links.append((given["hx-get"], True))
        if tag == "a" and "href" in given:
            self.links.append((given["href"], False))
        if tag == "form" and given.get("method", "get").lower() == "get" and "action" in given:
            self.links.append((given["action"], False))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.unseen = ""

    def handle_data(self, data: str) -> None:
        if not self.unseen and data.strip():
            self.words.append(data.strip())

    def faults(self) -> list[str]:
        """Every fault, in words; none of a sound page."""
        found = [one for each in self.attributes for one in faults_of(each)]
        ids = Counter(one.value for one in self.attributes if one.name == "id")
        found += [f"{count} × id «{name}»" for name, count in ids.items() if count > 1]
        if self.is_whole:
            found += [one for each in self.attributes for one in broken_references(each, set(ids))]
        return found + self._unfilled()

    def _unfilled(self) -> list[str]:
        """«None» is a word of English; there the attributes tell."""
        pattern = PLACEHOLDER if self.language == "nb" else UNFILLED
        return [f"nothing filled in in «{one}»" for one in self.words if pattern.search(one)]


def broken_references(one: Attribute, ids: set[str]) -> list[str]:
    named = one.value.split() if one.name in REFERENCES else []
    if one.tag == "a" and one.name == "href" and one.value.startswith("#"):
        named = [one.value[1:]]
    return [f"<{one.tag} {one.name}> points at no «{name}»" for name in named if name not in ids]
