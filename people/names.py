"""Names as HR systems write them, and what a person is called by."""

from __future__ import annotations

import re
import unicodedata


def called(name: str, first_name: str = "") -> str:
    """Return what to call a person: the first name that HR gives, else what the name surely says.

    «Liv Dahl» and «Dahl, Liv» are called Liv. Of three words or more nobody can tell where the
    first name ends («Anne Marie Dahl», «Liv Dahl Hansen»): then it is the whole name.
    """
    if first_name.strip():
        return in_usual_case(first_name.strip())
    plain = " ".join(re.sub(r"\([^()]*\)", " ", name).split()).strip(" ,")
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) == 2 and _is_title(parts[1], name):
        return called(parts[0])
    if len(parts) == 2:
        return in_usual_case(parts[1])
    words = plain.split()
    if len(words) == 2 and len(parts) == 1:
        if _is_family_name(*words):
            return words[1]
        if _is_first_name(words[0]):
            return in_usual_case(words[0])
    return in_usual_case(plain or name)


def _is_title(word: str, name: str) -> bool:
    """«Liv Dahl, rådgiver»: what is written small behind a name is none."""
    return word[:1].islower() and not name.islower()


def _is_family_name(word: str, other: str) -> bool:
    """«DAHL Liv»: of two words the one in capitals, as forms and passports have it."""
    return _is_first_name(word) and word.isupper() and not other.isupper()


def _is_first_name(word: str) -> bool:
    """Not an initial or a title («L.», «Dr.»), nor where the family's name is first (王 秀英)."""
    return len(word) > 1 and not word.endswith(".") and unicodedata.east_asian_width(word[0]) != "W"


def in_usual_case(name: str) -> str:
    """Return a name that is all in capitals or all in small letters as names are written."""
    if not (name.isupper() or name.islower()):
        return name
    # A small «İ» is «i» with a dot of its own to Python, and «i» to whoever bears the name.
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize().replace("i\u0307", "i"), name)
