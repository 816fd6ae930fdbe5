"""A person in general is «they», «vedkommende» or «den som …», never she or he."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NOT_OURS = {"node_modules", "var"}
KINDS = {".py", ".sql", ".md", ".html", ".txt", ".po", ".toml", ".js", ".css", ".sh"}
FILES = [
    path
    for top in sorted(ROOT.iterdir())
    if top.name not in NOT_OURS and not top.name.startswith(".")
    for path in [top, *sorted(top.rglob("*"))]
    if path.is_file() and path.suffix in KINDS
]
GENDERED = re.compile(
    r"\b(?:she|hers|herself|he|him|his|himself|hun|henne|hennes|han|hans|ham)\b"
    # «her» is «here» on the screen: in English it is a word before another that is English.
    r"|\bher (?:own|leader|substitute|agreement|line|name|account|unit|role|seat)\b"
)
"""In small letters: «Hans» is a name, and «Her» begins a sentence in Norwegian."""


def gendered(text: str) -> list[str]:
    return GENDERED.findall(text)


@pytest.mark.parametrize(
    "text",
    [
        "RAISE EXCEPTION 'only a party writes notes for herself'",
        "what a leader writes of his own",
        "her line manager",
        "det livet hun har levd",
        "lederen og hans medarbeidere",
    ],
)
def test_gendered_words_are_found(text: str) -> None:
    assert len(gendered(text)) == 1


@pytest.mark.parametrize(
    "text", ["Her er du logget inn", "Du ser her ingen", "their own", "Hans Dahl", "the"]
)
def test_other_words_are_not(text: str) -> None:
    assert gendered(text) == []


def test_a_person_in_general_has_no_gender() -> None:
    assert len(FILES) > 500
    found = {
        str(path.relative_to(ROOT)): words
        for path in FILES
        if path != Path(__file__) and (words := gendered(path.read_text(encoding="utf-8")))
    }
    assert found == {}
