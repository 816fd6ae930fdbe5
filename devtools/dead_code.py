"""What of ours nobody uses: `python -m devtools.dead_code` prints a line a find, and fails.

vulture reads the product without its tests, so that nothing lives because a test calls it. It knows
names in Python alone. Here it is told those that templates and dotted paths say, and the columns,
fields and kinds that Django finds by itself; the rest stands in `devtools/called_by_others.py`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db.models import Choices
from django.forms import BaseForm
from vulture import Vulture
from vulture.core import Item

from devtools.called_by_others import CALLED_BY_OTHERS

PROJECT = Path(__file__).resolve().parent.parent
NO_PRODUCT = ("tests", "benchmarks")
READ_BY_DJANGO = ("*/migrations/*", "*/settings/*", "*/formats.py")
"""Their names are not looked for; what they use is used."""
TAG = re.compile(r"{[{%](.*?)[%}]}", re.S)
WORD = re.compile(r"[A-Za-z_]\w*")
DOTTED = re.compile(r"\w+(?:\.\w+)+")
LOOKUP = re.compile(r"-?[a-z]\w*")


def product() -> list[Path]:
    """Return the modules of every package that is no test."""
    packages = (path.parent for path in sorted(PROJECT.glob("*/__init__.py")))
    return [
        path
        for package in packages
        if package.name not in NO_PRODUCT
        for path in sorted(package.rglob("*.py"))
        if path.name != "called_by_others.py"
    ]


def words_of_templates() -> set[str]:
    """Return every word within a tag of a template."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(PROJECT.glob("templates/**/*.*")))
    return {word for text in texts for tag in TAG.findall(text) for word in WORD.findall(tag)}


def words_of_strings(source: str) -> set[str]:
    """Return what strings name: the last of a dotted path, and the parts of a lookup."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if DOTTED.fullmatch(text):
                found.add(text.rpartition(".")[2])
            case ast.Constant(value=str(text)) if LOOKUP.fullmatch(text):
                found.update(text.lstrip("-").split("__"))
    return found


def words_of_django() -> Iterator[str]:
    """Yield columns, which constraints read too, fields with their `clean_…`, and kinds."""
    import_module("portal.urls")  # every form is a class by then
    for model in apps.get_models():
        yield from (field.name for field in model._meta.get_fields())
    for form in _below(BaseForm):
        for name in getattr(form, "base_fields", {}):
            yield from (name, f"clean_{name}")
    for kinds in _below(Choices):  # TextChoices and IntegerChoices too
        yield from kinds.names


def _below(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        if one.__module__.partition(".")[0] not in NO_PRODUCT:
            yield one
        yield from _below(one)


def unused(modules: list[Path], called_by_others: Iterable[str]) -> list[Item]:
    """Return each name of these modules that none of them uses."""
    found = Vulture(ignore_names=[*called_by_others], ignore_decorators=["@register.*"])
    found.scavenge(modules)
    found.used_names.update(words_of_templates(), words_of_django())
    for module in modules:
        found.used_names.update(words_of_strings(module.read_text(encoding="utf-8")))
    return [
        one
        for one in found.get_unused_code()
        if not any(fnmatchcase(str(one.filename), pattern) for pattern in READ_BY_DJANGO)
    ]


def names_called_by_others() -> list[str]:
    return [name for names in CALLED_BY_OTHERS.values() for name in names]


def main() -> int:
    django.setup()
    found = unused(product(), names_called_by_others())
    for one in found:
        where = f"{one.filename.relative_to(PROJECT)}:{one.first_lineno}"
        print(f"{where}: {one.message}", file=sys.stderr)  # noqa: T201
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
