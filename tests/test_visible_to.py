"""`visible_to` is asked alike of every model: for whom, and on which day."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db.models import Manager, QuerySet

SIGNATURE = "self, user: Viewer, *, on: dt.date"
ROOT = Path(settings.BASE_DIR)
BESIDE_ROOMS = {".venv", "node_modules", "var", "tests", "benchmarks", "devtools"}
OURS = sorted(
    path
    for path in ROOT.glob("*/**/*.py")
    if path.relative_to(ROOT).parts[0] not in BESIDE_ROOMS and "migrations" not in path.parts
)


def managers() -> Iterator[tuple[str, Manager[Any]]]:
    for model in apps.get_models():
        for manager in model._meta.managers:
            if hasattr(manager, "visible_to"):
                yield f"{model.__name__}.{manager.name}", manager


MANAGERS = dict(managers())


def signatures_in(source: str) -> list[str]:
    """Return the arguments of each `visible_to` that is written there, as they are written."""
    return [
        ast.unparse(node.args)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == "visible_to"
    ]


def test_every_visible_to_is_written_alike() -> None:
    written = {
        f"{path.relative_to(ROOT)}: {signature}"
        for path in OURS
        for signature in signatures_in(path.read_text(encoding="utf-8"))
        if signature != SIGNATURE
    }
    assert written == set()


def test_the_signature_itself_is_no_other() -> None:
    assert signatures_in(f"def visible_to({SIGNATURE}) -> Self:\n    return self") == [SIGNATURE]


@pytest.mark.parametrize(
    "arguments",
    [
        "self, user: Any, *, on: dt.date",
        "self, user: User, *, on: dt.date",
        "self, user: Viewer",
        "self, user: Viewer, on: dt.date",
        "self, user: Viewer, *, on: dt.date | None = None",
        "self, user: Viewer, *, on: dt.date, overseen: Iterable[int] = ()",
    ],
)
def test_another_signature_is_found(arguments: str) -> None:
    source = f"class Rows(QuerySet):\n    def visible_to({arguments}) -> Self:\n        return self"
    (found,) = signatures_in(source)
    assert found != SIGNATURE


def test_the_models_that_are_read_by_whom_may_see_them_are_found() -> None:
    """Or the two tests below would prove nothing."""
    assert len(MANAGERS) > 30
    assert MANAGERS.keys() >= {"User.objects", "Agreement.objects", "Seminar.objects"}


@pytest.mark.parametrize("name", MANAGERS)
def test_a_day_is_asked_for_by_its_name_and_never_guessed(name: str, today: dt.date) -> None:
    asked = inspect.signature(MANAGERS[name].visible_to).parameters  # type: ignore[attr-defined]
    kinds = {one.name: (one.kind, one.default) for one in asked.values()}
    nothing = inspect.Parameter.empty
    assert kinds == {
        "user": (inspect.Parameter.POSITIONAL_OR_KEYWORD, nothing),
        "on": (inspect.Parameter.KEYWORD_ONLY, nothing),
    }


@pytest.mark.parametrize("name", MANAGERS)
def test_who_is_not_signed_in_sees_no_row_whatever_there_is(name: str, today: dt.date) -> None:
    seen: QuerySet[Any] = MANAGERS[name].visible_to(AnonymousUser(), on=today)  # type: ignore[attr-defined]
    # What Django says of a question that it need not put to the database.
    with pytest.raises(EmptyResultSet):
        seen.query.sql_with_params()
