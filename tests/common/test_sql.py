"""SQL stands in files of its own; the code fills in what it alone says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from common.sql import _filled, sql_file, sql_list, trigger_body

ROOT = Path(settings.BASE_DIR)
FILES = sorted([*ROOT.glob("*/triggers/*.sql"), *ROOT.glob("*/functions/*.sql")])
MODULES = [
    path
    for one in apps.get_app_configs()
    if Path(one.path).is_relative_to(ROOT) and "site-packages" not in one.path
    for path in sorted(Path(one.path).rglob("*.py"))
    if "migrations" not in path.parts
]
SQL_OF_A_FUNCTION = re.compile(
    r"RAISE EXCEPTION|CREATE (?:OR REPLACE )?FUNCTION|^\s*RETURN (?:NEW|OLD|NULL);", re.M
)
IN_PYTHON = {
    "people/guards.py": 1,  # one line, for any table
    "common/norwegian.py": 1,  # made from the tables of letters beside it
}
"""How often a module has SQL of a function in it, and why it may."""


def test_each_place_is_filled_in_once() -> None:
    filled = _filled("IN :states AND :row.id = :row.pk", {"states": "(':row')", "row": "NEW"})
    assert filled == "IN (':row') AND NEW.id = NEW.pk"


def test_casts_assignments_times_and_braces_are_no_places() -> None:
    sql = "a::date; b := 1; 'HH24:MI:SS'; {meta.db_table}; x:y"
    assert _filled(sql, {}) == sql


@pytest.mark.parametrize("filled", [{}, {"states": "", "others": ""}, {"others": ""}])
def test_a_place_without_words_and_words_without_a_place_are_faults(
    filled: dict[str, str],
) -> None:
    with pytest.raises(ValueError, match="filled in and not asked for"):
        _filled("IN :states", filled)


def test_a_list_is_of_plain_values_alone() -> None:
    assert sql_list(["no_show", "attended"]) == "('no_show', 'attended')"
    for value in ("it's", "a'); DROP TABLE people_user; --", "", "a\n"):
        with pytest.raises(ValueError, match="not a value of an enum"):
            sql_list([value])


def test_a_body_is_indented_as_in_its_function() -> None:
    body = trigger_body("seminars", "registration_begins_without_outcome")
    assert body == "\n    NEW.outcome := '';\n    RETURN NEW;\n"


def test_files_are_found_wherever_python_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dropped = sql_file("people", "functions/reporting_line_dropped.sql")
    assert dropped.startswith("DROP FUNCTION people_positions_led(")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_is_read_by_its_own_room(path: Path) -> None:
    room = ROOT / path.relative_to(ROOT).parts[0]
    sources = [module.read_text() for module in MODULES if module.is_relative_to(room)]
    assert [path.stem for source in sources if f'{path.stem}"' in source or path.name in source]


def test_sql_of_functions_stands_in_files() -> None:
    assert len(FILES) > 50
    found = {
        str(module.relative_to(ROOT)): len(SQL_OF_A_FUNCTION.findall(module.read_text()))
        for module in MODULES
    }
    assert {name: count for name, count in found.items() if count} == IN_PYTHON
