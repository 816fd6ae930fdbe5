"""How the templates are written: short lines, and components as tags."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from common.templatetags import components

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FILES = [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".txt", ".svg"}]
LONGEST_LINE = 160
INCLUDED = re.compile(r"""include\s+["']components/(\w+)\.html""")


def long_lines(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n"), 1) if len(line) > LONGEST_LINE]


def included_components(text: str) -> list[str]:
    return [name for name in INCLUDED.findall(text) if name in components.register.tags]


def test_no_line_of_a_template_is_long() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): lines
        for path in FILES
        if (lines := long_lines(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_components_are_tags_and_not_included() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): names
        for path in FILES
        if (names := included_components(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_what_is_planted_is_found() -> None:
    assert long_lines(f"{'a' * 160}\n{'a' * 161}\n") == [2]
    planted = """{% include "components/button.html" only %}{%include 'components/tag.html'%}"""
    assert included_components(planted) == ["button", "tag"]
    assert included_components('{% include "components/messages.html" %}') == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_compiles(path: Path) -> None:
    """Which is where an argument that a component does not know is refused."""
    engine = engines["django"].engine
    template = engine.get_template(str(path.relative_to(TEMPLATES)))
    assert template.origin.name == str(path)
