"""Every page of the portal, as every kind of user, in both languages: what a test can walk.

    def test_each_page_is_sound(crawled):
        for page in crawled("organiser", "nb"):
            ...

`crawled` begins at the rows of `tests/access/` and at «Min side», and follows every link of ours.
Of one kind of page it takes no more than a few of those that are only found by links.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve, reverse

import tests.access
from tests.access import Row
from tests.cast import KINDS, Cast, make_cast
from tests.markup import Markup
from tests.rich import make_rich

ALL_KINDS = ("anonymous", *KINDS)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
ORIGIN = "http://testserver"
OF_ONE_KIND = 3
"""So many addresses of a view that only links lead to. Of the matrix all are asked that answer
with a page or lead to one; what is refused looks alike."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one kind of user got at one address, and from where they came there."""

    kind: str
    language: str
    address: str
    found_on: str
    status: int
    is_htmx: bool
    markup: Markup | None
    """None for what is no HTML: a file, a redirect."""


@dataclass(frozen=True, slots=True)
class Step:
    address: str
    found_on: str
    row: Row | None = None
    is_htmx: bool = False


class Crawler:
    """One kind of user's way through the portal, from the rows of the matrix to the last link."""

    def __init__(self, rows: list[Row], cast: Cast, kind: str, language: str) -> None:
        self.kind, self.language, self.browser = kind, language, Client()
        if kind != "anonymous":
            user = getattr(cast, kind)
            type(user).objects.filter(pk=user.pk).update(language=language)
            self.browser.force_login(user)
        self.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.asked: set[str] = set()
        self.of_view: Counter[str] = Counter()
        self.waiting = deque(self._from_rows(rows))

    def _from_rows(self, rows: list[Row]) -> Iterator[Step]:
        yield Step(reverse("home"), "")
        for row in rows:
            expected = row.expected[self.kind]
            is_page = expected == 200 or (row.method, expected) == ("post", 422)
            if is_page or (row.method, expected) == ("get", 302):
                yield Step(reverse(row.name, args=row.args, kwargs=row.kwargs), "the matrix", row)

    def pages(self) -> Iterator[Page]:
        while self.waiting:
            step = self.waiting.popleft()
            if self._is_new(step):
                page = self._read(step)
                self.waiting.extend(self._links(page))
                yield page

    def _is_new(self, step: Step) -> bool:
        method = step.row.method if step.row else "get"
        key = f"{method} {step.address}"
        view = view_name(step.address)
        if key in self.asked or not view:
            return False
        if step.row is None and self.of_view[view] >= OF_ONE_KIND:
            return False
        self.asked.add(key)
        self.of_view[view] += 1
        return True

    def _read(self, step: Step) -> Page:
        """In a savepoint that is rolled back, so that no page sees what another has written."""
        with transaction.atomic():
            response = self._ask(step)
            body = text_of(response)
            transaction.set_rollback(True)
        return Page(
            self.kind,
            self.language,
            step.address,
            step.found_on,
            response.status_code,
            step.is_htmx,
            None if body is None else Markup(body),
        )

    def _ask(self, step: Step) -> HttpResponseBase:
        headers = {"HX-Request": "true"} if step.is_htmx else {}
        if step.row and step.row.method == "post":
            return self.browser.post(step.address, step.row.data, headers=headers)
        data = step.row.data if step.row else {}
        return self.browser.get(step.address, data, headers=headers)

    def _links(self, page: Page) -> Iterator[Step]:
        if page.markup is None:
            return
        for link, is_htmx in page.markup.links:
            target = urlsplit(urljoin(f"{ORIGIN}{page.address}", link))
            if f"{target.scheme}://{target.netloc}" == ORIGIN:
                address = target._replace(scheme="", netloc="", fragment="").geturl()
                yield Step(address, page.address, is_htmx=is_htmx)


@cache
def view_name(address: str) -> str:
    """Of the view that answers there; nothing for files and for addresses that nobody answers."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def text_of(response: HttpResponseBase) -> str | None:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return None
    return getattr(response, "content", b"").decode() or None


def all_rows(cast: Cast) -> list[Row]:
    names = [module.name for module in pkgutil.iter_modules(tests.access.__path__)]
    return [
        row for name in names for row in importlib.import_module(f"tests.access.{name}").urls(cast)
    ]


@pytest.fixture(scope="module")
def crawled(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Callable[[str, str], list[Page]]]:
    """`crawled(kind, language)`: all that this kind of user meets. Made once, never committed."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        cast = make_cast()
        rows = [*all_rows(cast), *make_rich(cast)]

        @cache
        def crawl(kind: str, language: str) -> list[Page]:
            return list(Crawler(rows, cast, kind, language).pages())

        yield crawl
        transaction.set_rollback(True)
