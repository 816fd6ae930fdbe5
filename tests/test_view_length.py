"""A view is read at once: scope, rule, form, action and answer, in twenty-five lines."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from tests.test_visible_to import OURS

ROOT = Path(settings.BASE_DIR)
LONGEST = 25


def is_of_views(path: Path) -> bool:
    return path.name.endswith("views.py") or "views" in path.relative_to(ROOT).parts[:-1]


def too_long(source: str) -> list[str]:
    """Return the names of the functions that are longer than a view may be."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= LONGEST]


def test_no_view_is_longer_than_can_be_read_at_once() -> None:
    views = [path for path in OURS if is_of_views(path)]
    assert ROOT / "people" / "views.py" in views
    assert ROOT / "portal" / "views" / "home.py" in views
    found = {
        str(path.relative_to(ROOT)): too_long(path.read_text(encoding="utf-8")) for path in views
    }
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(("lines", "found"), [(LONGEST - 1, []), (LONGEST, ["view"])])
def test_a_line_too_many_is_found(lines: int, found: list[str]) -> None:
    assert too_long("def view():\n" + "    act()\n" * lines) == found
