"""How few are too few stands in one place, and every sentence about it is filled from there."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from common.small_groups import (
    SMALL_GROUP,
    SMALL_GROUP_WORD,
    TWO_SMALL_GROUPS_WORD,
    in_words,
)
from portal import catalogue
from tests.test_marked_safe import MODULES, TEMPLATES, name_of

ROOT = Path(settings.BASE_DIR)
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
SHOWN = [*TEMPLATES, *sorted(ROOT.glob("*/typst/*.typ"))]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
HOME = "common/small_groups.py"
OF_SOMETHING_ELSE = r"(?! (?:things|minutes|years|queries))"


def words() -> set[str]:
    """Return the number as each language writes it in a sentence."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(SMALL_GROUP_WORD))
    return found


def stated(text: str) -> list[str]:
    return re.findall(rf"\b(?:{'|'.join(sorted(words()))})\b", text, re.I)


def texts(source: str) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(source)
    bare = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def test_it_is_written_in_letters_up_to_twelve() -> None:
    assert [str(in_words(number)) for number in (5, 7, 12, 14)] == ["fem", "sju", "tolv", "14"]
    with translation.override("en"):
        assert [str(in_words(number)) for number in (5, 7, 12, 14)] == [
            "five", "seven", "twelve", "14",
        ]  # fmt: skip


def test_no_template_states_it() -> None:
    found = {name_of(path): stated(path.read_text(encoding="utf-8")) for path in SHOWN}
    assert {name: said for name, said in found.items() if said} == {}


def test_no_text_in_the_code_states_it() -> None:
    found = {
        name_of(path): text
        for path in MODULES
        for text in texts(path.read_text(encoding="utf-8"))
        if stated(text) and not is_elsewhere(path)
    }
    assert found == {}


FIVE_YEARS = "demo/management/commands/seed_demo.py"


def is_elsewhere(path: Path) -> bool:
    """Where it is filled from, what the database was once, and what a command says of itself."""
    return name_of(path) in {HOME, FIVE_YEARS} or "migrations" in path.parts


def test_no_translation_states_it() -> None:
    found = [
        text
        for message in catalogue.read(PO)
        if {place for place, _line in message.locations} != {HOME}
        for text in (*catalogue.forms(message.id), *catalogue.forms(message.string))
        if stated(text)
    ]
    assert found == []


STATED = {
    "README.md": ["about fewer than {few} people, or all but fewer than {few}."],
    "glossary.md": ["small group: fewer than {few} people"],
    "reports.md": [
        "never of fewer than {few}, nor of all but fewer than {few}, nor by",
        "| fewer than {twice} could have come | for få |",
        "| fewer than {few} came, none too | for få |",
        "| fewer than {few} did not come, none too | minst n − {most} |",
        "in «minst n − {most}» the reverse, and else at least {few}\ncame and {few} did not.",
        "Hiding what is under {few} is not enough",
        "were merged until they held {few} would end",
        "of fewer than {twice}\n   «for få», of fewer than {few} signed «for få», ",
        "of fewer than {few} unsigned «minst n − {most}», else",
        "in an agency of fewer than {twice} nothing is told",
        "finds nothing under {few};",
        "merge months until they hold {few}, show",
    ],
}
"""What pages of docs say of the number, as it follows from the constant."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_of_docs_states_it_as_it_is_and_nowhere_else(page: Path) -> None:
    with translation.override("en"):
        few, twice = str(SMALL_GROUP_WORD), str(TWO_SMALL_GROUPS_WORD)
    text = page.read_text(encoding="utf-8")
    for one in STATED.get(page.name, []):
        said = one.format(few=few, twice=twice, most=SMALL_GROUP - 1)
        assert said in text
        text = text.replace(said, "")
    assert re.findall(rf".*\b{few}\b{OF_SOMETHING_ELSE}.*", text) == []


FILLED = {
    "sju": [
        "commitments:unheld",
        "missions:coverage",
        "privacy",
        "pulse:open_pulse",
        "pulse:pulse",
    ],
    "seven": ["missions:coverage", "privacy", "reports:participation"],
}
"""Pages of each room that tells it, as the readers of `groups_of_seven` meet them."""


@pytest.mark.no_cover
@pytest.mark.django_db
def test_with_another_number_every_page_says_that_one() -> None:
    """In a process of its own, where the one line of `common/small_groups.py` says seven."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.groups_of_seven", connection.settings_dict["NAME"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert (found["fem"], found["five"]) == ([], [])
    for word, views in FILLED.items():
        assert set(found[word]) >= set(views)
