"""The portal's own modules as they are written, and what the names in them stand for."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OTHER = {
    *("tests", "benchmarks", "demo", "devtools", "migrations", "settings"),
    *("node_modules", ".venv", "var", "script"),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.glob("*/**/*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not set(parts) & OTHER:
            yield ".".join(parts).removesuffix(".__init__"), ast.parse(path.read_text())


def objects_in(module: str, node: ast.AST) -> Iterator[Any]:
    """What the names in a function stand for in its module: `share_agreement`, `actions.share`."""
    known = vars(importlib.import_module(module))
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name):
                yield known.get(name)
            case ast.Attribute(attr=name, value=ast.Name(id=holder)):
                yield getattr(known.get(holder), name, None)
