"""The plain text of a letter, taken apart for a page that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

QUOTE = ">"
"""Begins each line of a person's own words, as letters write them."""


class LetterText(Protocol):
    """A letter with its words."""

    @property
    def subject(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LetterPart:
    """Some lines of a letter: its own, or what it quotes of somebody."""

    text: str
    is_quoted: bool


def parts_of(text: str) -> Iterator[LetterPart]:
    """Return the letter in order, each quotation a part of its own, without the marks."""
    for is_quoted, lines in groupby(text.splitlines(), key=lambda line: line.startswith(QUOTE)):
        words = [_unmarked(line) if is_quoted else line for line in lines]
        if shown := "\n".join(words).strip():
            yield LetterPart(shown, is_quoted)


def _unmarked(line: str) -> str:
    return line.removeprefix(QUOTE).removeprefix(" ")
