"""Nothing of ours is alive because a test calls it, and what is passed over has a reason."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from devtools.called_by_others import CALLED_BY_OTHERS
from devtools.dead_code import names_called_by_others, product, unused


def found_in(directory: Path, source: str, *passed_over: str) -> list[str]:
    path = directory / "rules.py"
    path.write_text(source)
    return [one.name for one in unused([path], passed_over)]


@pytest.mark.no_cover
def test_nothing_of_ours_is_dead() -> None:
    dead = [(str(one.filename), one.name) for one in unused(product(), names_called_by_others())]
    assert dead == []


@pytest.mark.no_cover
def test_each_name_that_others_call_is_passed_over_for_a_reason() -> None:
    dead = {one.name for one in unused(product(), [])}
    idle = [
        pattern
        for names in CALLED_BY_OTHERS.values()
        for pattern in names
        if not any(fnmatchcase(name, pattern) for name in dead)
    ]
    assert idle == []


def test_tests_are_no_product() -> None:
    rooms = {path.parts[-2] for path in product()}
    assert "seminars" in rooms
    assert not [path for path in product() if "tests" in path.parts or "benchmarks" in path.parts]


def test_what_nobody_calls_is_found(tmp_path: Path) -> None:
    source = "def unheard_of():\n    pass\n\n\ndef heard_of():\n    pass\n\n\nheard_of()\n"
    assert found_in(tmp_path, source) == ["unheard_of"]
    assert found_in(tmp_path, source, "unheard_*") == []


@pytest.mark.parametrize(
    "source",
    [
        "def breadcrumb_parent():\n    pass\n",  # a template says it
        "def unheard_of():\n    pass\n\n\nSETTING = 'rules.unheard_of'\nprint(SETTING)\n",
        "class Form:\n    def clean_email(self):\n        pass\n\n\nForm()\n",
        "class Row:\n    erases_on = 1\n\n\nRow()\n",  # a column
    ],
)
def test_what_templates_paths_and_django_name_is_alive(tmp_path: Path, source: str) -> None:
    assert found_in(tmp_path, source) == []
