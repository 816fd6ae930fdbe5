"""Every URL of the portal for every kind of user, and none that is not written down.

The rows stand in `tests/access/<app>.py`; `tests/access/__init__.py` shows how to write one.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests.access
from tests.access import LOGIN, Row
from tests.cast import KINDS, Cast

ROOMS = [module.name for module in pkgutil.iter_modules(tests.access.__path__)]
ROOT = Path(settings.BASE_DIR)
BESIDE_VIEWS = ("gates.py", "breadcrumbs.py", "confirmation_page.py", "capacity.py")
"""What several views of a room begin or end with."""
VIEW_FILES = sorted(
    path
    for path in [
        *ROOT.glob("*/**/*views.py"),
        *ROOT.glob("*/views/**/*.py"),
        *(found for name in BESIDE_VIEWS for found in ROOT.glob(f"*/**/{name}")),
    ]
    if path.relative_to(ROOT).parts[0] not in {".venv", "node_modules", "var", "tests"}
)


def room(name: str) -> ModuleType:
    return importlib.import_module(f"tests.access.{name}")


def url_names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from url_names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or f"without a name: {pattern.pattern}"])


def ask(row: Row, browser: Client) -> HttpResponse:
    url = reverse(row.name, args=row.args, kwargs=row.kwargs)
    return getattr(browser, row.method)(url, row.data)


def outcome(response: HttpResponse) -> int | str:
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse(settings.LOGIN_URL)):
        return LOGIN
    return response.status_code


KEPT_BY_BROWSERS = {
    ("seminars:feed", 200),
    ("certificates:badge_issuer", 200),
    ("certificates:badge_status", 200),
}
"""All else is gone from the machine when the window is: see `ResponseHeadersMiddleware`. The last
two are for programs, and name nobody.
"""


def answer(row: Row, kind: str, cast: Cast) -> int | str:
    with transaction.atomic():
        browser = Client()
        if kind != "anonymous":
            browser.force_login(getattr(cast, kind))
        response = ask(row, browser)
        result = outcome(response)
        may_be_kept = "no-store" not in response.headers["Cache-Control"]
        assert may_be_kept == ((row.name, result) in KEPT_BY_BROWSERS), (row.name, row.method)
        transaction.set_rollback(True)
    return result


@pytest.mark.parametrize("kind", ["anonymous", *KINDS])
@pytest.mark.parametrize("name", ROOMS)
def test_every_url_answers_each_kind_of_user_as_written(name: str, kind: str, cast: Cast) -> None:
    rows: list[Row] = room(name).urls(cast)
    found = [(row.name, row.method, answer(row, kind, cast)) for row in rows]
    assert found == [(row.name, row.method, row.expected[kind]) for row in rows]


def test_no_url_is_left_out(cast: Cast) -> None:
    written = {row.name for name in ROOMS for row in room(name).urls(cast)}
    assert set(url_names(get_resolver())) - written == set()


def test_no_row_is_for_a_url_that_is_gone(cast: Cast) -> None:
    written = {row.name for name in ROOMS for row in room(name).urls(cast)}
    assert written - set(url_names(get_resolver())) == set()


def unscoped(source: str) -> list[int]:
    """Lines that reach a manager and do not begin with what the user may see."""
    tree = ast.parse(source)
    scoped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "visible_to"
    }
    managers = {"objects", "_default_manager", "_base_manager"}
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in managers and id(node) not in scoped
    )


@pytest.mark.parametrize("path", VIEW_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_view_begins_with_what_the_user_may_see(path: Path) -> None:
    assert unscoped(path.read_text(encoding="utf-8")) == []


def test_a_view_that_reaches_all_rows_is_found() -> None:
    source = "a = Unit.objects.visible_to(user)\nb = Unit.objects.get(pk=1)\nc = x._base_manager\n"
    assert unscoped(source) == [2, 3]
