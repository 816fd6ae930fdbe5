"""Nothing that a person typed is ever called markup: who may mark what as safe is written here."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("node_modules", ".venv", "var", "tests", "benchmarks")
TEMPLATES = [path for path in sorted(ROOT.glob("templates/**/*")) if path.is_file()]
MODULES = [
    path for path in sorted(ROOT.glob("*/**/*.py")) if path.relative_to(ROOT).parts[0] not in OURS
]

UNESCAPED = re.compile(
    r"\|\s*(?:safe|safeseq|force_escape)\b"
    r"|\{%-?\s*autoescape\s+off|\{%-?\s*filter\s+[^%]*\bsafe"
)
MARKING = {"mark_safe", "SafeString", "SafeText", "SafeData", "Markup", "html_safe"}

PLAIN_TEXT = {"templates/mfa/recovery_codes/download.txt": 1}
"""A file of plain text, which no browser reads as markup."""
MARKED = {
    "missions/glossary/explanations.py": 1,  # pieces that are each escaped
    "outbox/templatetags/letter.py": 4,  # what a template has rendered, escaped as HTML already
    "accounts/adapter.py": 1,  # a QR code drawn here
    "portal/templatetags/frame.py": 2,  # templates of the frame, and values that are escaped
}
"""How often a module marks something as safe; each place says beside it why it may."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def markings(source: str) -> int:
    """How often the source marks something as markup, by whatever name it has imported it."""
    tree = ast.parse(source)
    names = set(MARKING)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {one.asname for one in node.names if one.asname and one.name in MARKING}
    return sum(is_marking(node, names) for node in ast.walk(tree))


def is_marking(node: ast.AST, names: set[str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in names
        case ast.FunctionDef(name="__html__"):
            return True
        case ast.ClassDef():
            used = {getattr(one, "id", "") for one in [*node.bases, *node.decorator_list]}
            return bool(used & names)
    return False


def loose_formats(source: str) -> list[int]:
    """Lines that give `format_html` anything but a text of our own to fill in."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"format_html", "format_html_join"}
        and not all(
            isinstance(one, ast.Constant)
            for one in node.args[: 2 if node.func.id == "format_html_join" else 1]
        )
    ]


def test_no_template_leaves_out_escaping_but_those_of_plain_text() -> None:
    found = Counter(
        {name_of(one): len(UNESCAPED.findall(one.read_text("utf-8"))) for one in TEMPLATES}
    )
    assert {name: count for name, count in found.items() if count} == PLAIN_TEXT


def test_no_module_marks_anything_safe_but_those_written_here() -> None:
    found = {name_of(one): markings(one.read_text("utf-8")) for one in MODULES}
    assert {name: count for name, count in found.items() if count} == MARKED


def test_only_our_own_words_are_formats_of_markup() -> None:
    found = [(name_of(one), loose_formats(one.read_text("utf-8"))) for one in MODULES]
    assert [(name, lines) for name, lines in found if lines] == []


@pytest.mark.parametrize(
    "template",
    ["{{ a|safe }}", "{{ a | safe|b }}", "{% autoescape off %}", "{% filter upper|safe %}"],
)
def test_escaping_left_out_is_found(template: str) -> None:
    assert len(UNESCAPED.findall(template)) == 1


def test_marking_is_found_by_whatever_name() -> None:
    source = """
from django.utils.safestring import mark_safe as plain, SafeString
from django.utils import safestring
class Words(SafeString): ...
class Page:
    def __html__(self): ...
a = plain("x"), SafeString("y"), safestring.mark_safe("z")
"""
    assert markings(source) == 5
    assert loose_formats("format_html(words)\nformat_html('{}', words)\n") == [1]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_what_acts_by_htmx_knows_the_key_and_has_a_token_of_its_own(path: Path) -> None:
    """Else it would do nothing, or take its token from where smuggled markup can take it too."""
    text = path.read_text("utf-8")
    acting = [
        one for one in text.split("<") if re.search(r"\shx-(get|post|put|patch|delete)=", one)
    ]
    assert [one for one in acting if 'data-htmx-key="{{ htmx_key }}"' not in one] == []
    changing = [one for one in acting if not re.search(r"\shx-get=", one)]
    assert [one for one in changing if '{"X-CSRFToken": "{{ csrf_token }}"}' not in one] == []
    assert [
        one for one in changing if not re.search(r'hx-trigger="(change|submit|click)"', one)
    ] == []
    assert re.findall(r"hx-(?:include|boost|ext|on)\b", text) == []
