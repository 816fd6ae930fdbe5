"""Whatever an action writes in the audit trail has a name that an administrator can read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from people import trail
from tests.rooms import ROOMS

PROJECT = Path(__file__).resolve().parents[2]


def test_every_action_in_the_code_has_words() -> None:
    assert set(written()) - set(trail.actions_in_words()) == set()


def test_no_words_are_left_over() -> None:
    """Some actions stand in a variable before they are written down."""
    assert set(trail.actions_in_words()) - set(texts()) == set()


def test_every_thing_with_words_is_a_model() -> None:
    models = {model._meta.label_lower for model in apps.get_models()}
    assert set(trail.things_in_words()) - models == set()


def test_what_has_no_words_is_called_what_the_code_calls_it() -> None:
    assert (trail.action_in_words("x.y"), trail.thing_in_words("x.z")) == ("x.y", "x.z")


def written() -> Iterator[str]:
    for node in nodes():
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
            action = node.args[0]
            if isinstance(action, ast.Constant):
                yield str(action.value)


def texts() -> Iterator[str]:
    for node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def nodes() -> Iterator[ast.AST]:
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            if path.name != "room.py":
                yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))
