"""The rules of the door as the browser follows them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from common.norwegian import search_fold, search_words
from tests.corpora.names import IN_ORDER, SOUGHT

HERE = Path(__file__).parent
RULES = Path(settings.BASE_DIR) / "static" / "js" / "door_rules.js"
RUN = """
require(process.argv[1]);
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(([name, given]) => lpDoor[name](given) ?? null)));
"""


def fixture(name: str) -> list[dict[str, Any]]:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def answered(name: str, given: list[Any]) -> list[Any]:
    """Return what the browser's function says of each."""
    done = subprocess.run(
        ["node", "-e", RUN, str(RULES)],
        input=json.dumps([(name, one) for one in given]),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_browser_answers_as_the_portal_does() -> None:
    cases = fixture("door_answers.json")
    seats = [
        {"state": one["state"], "isOfSession": one["is_of_session"], "isIn": one["is_in"]}
        for one in cases
    ]
    assert answered("doorAnswer", seats) == [one["answer"] for one in cases]


def test_the_browser_derives_what_is_recorded_as_the_portal_does() -> None:
    cases = fixture("derivation.json")
    found = answered("sessionOutcomes", [one["sources"] for one in cases])
    assert found == [one["sessions"] for one in cases]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("LP12.ABCDEFGHIJKLMNO2", "LP12.ABCDEFGHIJKLMNO2"),
        (" lp12.abcdefgh ijklmno2\r\n", "LP12.ABCDEFGHIJKLMNO2"),
        ("LP0.ABCDEFGHIJKLMNO2", ""),
        ("LP12.ABCDEFGHIJKLMNO1", ""),
        ("Lise Pettersen", ""),
        ("", ""),
    ],
)
def test_the_browser_knows_a_code_from_words(words: str, code: str) -> None:
    assert answered("codeIn", [words]) == [code]


def test_the_browser_looks_names_up_as_the_portal_does() -> None:
    typed = [*SOUGHT, *(words for found in SOUGHT.values() for words in found), *IN_ORDER]
    typed += [chr(number) for number in (*range(0xC0, 0x180), 0x259, 0x1E5, 0x292, 0x1E9E)]
    assert answered("searchFold", typed) == [search_fold(words) for words in typed]
    assert answered("searchWords", typed) == [search_words(words) for words in typed]
