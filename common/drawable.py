"""What documents can show of what people write, and how they show the rest."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common.fonts import COVERAGE
from common.text import JOINERS, clean_text, code_point, private_characters

MOST_MARKS: Final = 8
"""On one letter. No language takes more; a tower of them leaves the page."""
LONGEST_UNBROKEN: Final = 24
"""A line has room for so many of the widest letters, a narrow one too."""
MAY_BREAK: Final = "\u200b"
LAST_LATIN: Final = 0x024F
PUNCTUATION: Final = frozenset("–—‘’“”„…•")
WIDE_LIGATURES: Final = range(0xFDF0, 0xFE00)
"""Whole Arabic phrases as one sign."""
SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
NOT_TEXT: Final = frozenset({"Cs", "Cc"})


def undrawable(text: str) -> list[str]:
    """Return the characters in `text` that no document can show, each once, in their order."""
    if text.isascii():
        return []
    return list(dict.fromkeys(one for one, is_shown in _judged(text) if not is_shown))


def as_drawn(text: str) -> str:
    """Return `text` as a document shows it: what it cannot draw stands as «[U+E123]».

    For names that are not ours to refuse, and for what was signed before it was asked at the form.
    """
    cleaned = clean_text(text)
    if cleaned.isascii():
        return cleaned
    return "".join(
        one if is_shown else f"[{code_point(one)}]" for one, is_shown in _judged(cleaned)
    )


def as_plain(text: str) -> str:
    """Return `text` with every sign beyond the Latin letters as its code point.

    For the document that could not be set whole otherwise: less to look at, and nothing left out.
    """
    return "".join(
        one if ord(one) <= LAST_LATIN or one in PUNCTUATION else f"[{code_point(one)}]"
        for one in as_drawn(text)
    )


def with_breaks(text: str) -> str:
    """Return `text` with places where a line may break inside what is longer than a line."""
    return "".join(_broken(word) for word in _words(text))


def _judged(text: str) -> Iterator[tuple[str, bool]]:
    drawable, marks = drawable_code_points(), 0
    for one in text:
        marks = marks + 1 if unicodedata.category(one).startswith("M") else 0
        is_known = ord(one) in drawable or one in JOINERS or one == "\n"
        yield one, is_known and marks <= MOST_MARKS


@cache
def drawable_code_points() -> frozenset[int]:
    """Return every code point that one of the fonts has a sign for, as script/assets found them."""
    path = Path(settings.FONTS_DIR, COVERAGE)
    try:
        ranges = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImproperlyConfigured(f"{path} is missing; run script/setup.") from error
    signs = "".join(chr(number) for first, last in ranges for number in range(first, last + 1))
    # Fonts have signs for some that do not mean the same to everybody.
    private = set(private_characters(signs))
    return frozenset(
        ord(one)
        for one in signs
        if unicodedata.category(one) not in NOT_TEXT and one not in private
    )


def _words(text: str) -> Iterator[str]:
    """Words and what parts them, in turn."""
    word = ""
    for one in text:
        if one.isspace():
            yield word
            yield one
            word = ""
        else:
            word += one
    yield word


def _broken(word: str) -> str:
    if sum(map(_width, word)) <= LONGEST_UNBROKEN:
        return word
    return word[0] + "".join(
        f"{MAY_BREAK if _may_part(before, after) else ''}{after}"
        for before, after in pairwise(word)
    )


def _width(character: str) -> int:
    """How many letters it is as wide as, at most."""
    number = ord(character)
    if number in WIDE_LIGATURES:
        return 12
    return 1 if number < 0x2000 else 4


def _may_part(before: str, after: str) -> bool:
    """Whether the two are signs of their own: marks, joined emoji and flags are not."""
    if before in JOINERS or after in JOINERS or unicodedata.category(after).startswith("M"):
        return False
    is_conjunct = unicodedata.combining(before) == 9  # a virama: what follows is one sign with it
    is_pair = ord(before) in FLAG_LETTERS and ord(after) in FLAG_LETTERS
    return not (is_conjunct or is_pair or ord(after) in SKIN_TONES)
