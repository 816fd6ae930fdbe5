"""Text as people paste it, made into text that every page, letter and document can carry."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

FROM_SYMBOL_FONTS = str.maketrans(
    {
        "\uf02d": "–", "\uf03e": ">", "\uf06e": "■", "\uf06f": "□", "\uf071": "❑", "\uf075": "◆",
        "\uf076": "❖", "\uf077": "⬥", "\uf06c": "●", "\uf09f": "•", "\uf0a7": "▪", "\uf0a8": "◻",
        "\uf0a3": "≤", "\uf0ae": "→", "\uf0b0": "°", "\uf0b1": "±", "\uf0b3": "≥", "\uf0b4": "×",
        "\uf0b7": "•", "\uf0b8": "÷", "\uf0b9": "≠", "\uf0bb": "≈", "\uf0d8": "➢", "\uf0df": "←",
        "\uf0e0": "→", "\uf0e8": "➔", "\uf0f0": "⇨", "\uf0fb": "✗", "\uf0fc": "✓", "\uf0fd": "☒",
        "\uf0fe": "☑", "\uf04a": "☺", "\uf04b": "😐", "\uf04c": "☹", "\uf020": " ",
    }
)  # fmt: skip
"""What Word writes for the signs of Symbol and Wingdings: no other program knows these numbers."""

LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
PLAIN = re.compile("[ -~À-ÖØ-öø-ÿ]*")
"""What most names and sentences here are written with: nothing to compose, nothing invisible."""
VISIBLE_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd"
)
"""Of Unicode's «format characters» those that are drawn."""
JOINERS = frozenset("\u200c\u200d")
"""Part of how Persian and Indic words, and many emoji, are written. At a word's edge, nothing."""
BLANK_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc"
)
"""Neither format characters nor spaces to Unicode, and nothing to see."""
MOST_MARKS = 30
WITHOUT_MEANING = frozenset({"Cc", "Cs", "Cf"})
SINCE_UNICODE_14 = re.compile(
    "[\u0558\u058b\u058c\u05c8\u05c9\u088f\u0897\u0b53\u0b54\u0c5c\u0cdc\u0cf3\u0ece\u1acf-\u1af0\u1b4e"
    "\u1b4f\u1b7f\u1c89\u1c8a\u208f\u209d-\u209f\u20c1-\u20c4\u2427-\u2429\u2b96\u2e60-\u2e63\u31e4\u31e5"
    "\ua7cb-\ua7cf\ua7d2\ua7d4\ua7da-\ua7dd\ua7e2\ua7f1\uab6c\uab6d\ufbc3-\ufbd2\ufd90\ufd91\ufdc8-\ufdce"
    "\U00010000-\U0003ffff]"
)
"""Characters of Unicode 15 to 18 that Python's own table may not know yet: those of the first plane
one by one, and the planes for scripts, pictures and Chinese signs whole: each year fills them.
"""


def clean_line(text: str) -> str:
    """Return one line of text: NFC, with nothing invisible and every kind of space a plain one."""
    return " ".join(clean_text(text).split())


def clean_text(text: str, *, with_tabs: bool = False) -> str:
    """Return text in NFC with plain line breaks and spaces, and without invisible characters.

    What is taken out carries no meaning to a reader and breaks something later: PostgreSQL refuses
    NUL, XML and calendars the other controls, and invisible characters make two of what looks like
    one. Nothing visible is taken out; see `private_characters` for what cannot be carried at all.
    Tabs become spaces, unless they part the cells of a pasted table.
    """
    if text.isascii() and text.isprintable():
        return text
    text = LINE_BREAKS.sub("\n", text).translate(FROM_SYMBOL_FONTS)
    if not with_tabs:
        text = text.replace("\t", " ")
    kept = "".join(_visible(character) for character in text)
    return normalized("NFC", _without_loose_joiners(kept))


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return text in a normal form of Unicode, with at most 30 marks on a letter.

    Marks are sorted, in time that grows with the square of their number: a field full of them
    holds a process for the better part of an hour. No language writes so many (UAX #15, D4).
    """
    return unicodedata.normalize(form, text if text.isascii() else _with_few_marks(text))


def _with_few_marks(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def private_characters(text: str) -> list[str]:
    """Return the characters in `text` that mean something on the writer's machine alone, each once.

    Private-use and non-characters: another font or program shows a box, or another sign. Those that
    nothing is assigned to as well: some of them are invisible, and make two of what looks like one.
    Letters and emoji that are newer than Python's table are let through, see `SINCE_UNICODE_14`.
    """
    return list(dict.fromkeys(one for one in text if _is_private(one)))


def exportable(text: str) -> str:
    """Return text as files for other programs can carry it, also what was stored before the door.

    Controls make a calendar or a workbook unreadable, and private signs mean nothing elsewhere.
    """
    if PLAIN.fullmatch(text):
        return text
    cleaned = clean_text(text, with_tabs=True)
    return cleaned.translate({ord(one): None for one in private_characters(cleaned)})


def code_point(character: str) -> str:
    """Return the number a character is looked up by, as «U+F0B7»."""
    return f"U+{ord(character):04X}"


def named(characters: list[str]) -> str:
    """Return characters as an error names them: how they look here, and what they are called."""
    return ", ".join(f"«{one}» ({code_point(one)})" for one in characters)


def _visible(character: str) -> str:
    if character in "\n\t" or character in JOINERS or character in VISIBLE_FORMATS:
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in WITHOUT_MEANING or character in BLANK_LETTERS or _is_selector(character):
        return ""
    return character


def _is_selector(character: str) -> bool:
    """Whether it chooses how the sign before it is drawn; the sign alone says enough."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_private(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        return _is_no(character) or not SINCE_UNICODE_14.match(character)
    return category == "Co"


def _is_no(character: str) -> bool:
    """Whether it is one of the 66 that Unicode has set aside never to be characters."""
    number = ord(character)
    return number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


def _without_loose_joiners(text: str) -> str:
    """Joiners stand between two signs that are not Latin, or they join nothing."""
    if not JOINERS.intersection(text):
        return text
    kept: list[str] = []
    for place, character in enumerate(text):
        if character in JOINERS:
            before = kept[-1] if kept else " "
            after = text[place + 1 : place + 2] or " "
            if not (_joins(before) and _joins(after)):
                continue
        kept.append(character)
    return "".join(kept)


def _joins(character: str) -> bool:
    if character in JOINERS or character.isspace():
        return False
    return ord(character) > 0x024F
