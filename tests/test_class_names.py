"""A name says one thing: a class name stands in one room only."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from django.apps import apps
from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
GIVEN_BY_DJANGO = {"Command", "Migration"}


def rooms_of_classes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rooms = {
        Path(one.path) for one in apps.get_app_configs() if PROJECT / one.name == Path(one.path)
    }
    for room in rooms | {PROJECT / "common", PROJECT / "evidence", PROJECT / "ballots"}:
        for path in room.rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].add(room.name)
    return found


def test_a_class_name_stands_in_one_room_only() -> None:
    found = rooms_of_classes()
    assert {"people", "seminars", "commitments", "common"} <= set().union(*found.values())
    twice = {name: sorted(rooms) for name, rooms in found.items() if len(rooms) > 1}
    assert {name: rooms for name, rooms in twice.items() if name not in GIVEN_BY_DJANGO} == {}
