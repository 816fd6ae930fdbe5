"""The number of a certificate, and the name key that stands on its document alone.

Both are drawn at random and written in Crockford's base 32, which leaves out the letters that are
taken for digits: read aloud, or typed from paper, they come back as they were.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH: Final = 20
"""Five bits a sign: nobody guesses one of 2 to the power of 100."""
KEY_LENGTH: Final = 16
GROUP: Final = 4
TAKEN_FOR_DIGITS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
NUMBER_PATTERN: Final = f"^[{ALPHABET}]{{{NUMBER_LENGTH}}}$"


def new_number() -> str:
    return _drawn(NUMBER_LENGTH)


def new_key() -> str:
    return _drawn(KEY_LENGTH)


def _drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def grouped(signs: str) -> str:
    """Return «7KQF-3M2P-…»: as a number or key is shown, typed and linked to."""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def number_in(typed: str) -> str | None:
    """Return the number that somebody typed, however they grouped it; None where it is none."""
    return _signs_in(typed, NUMBER_LENGTH)


def key_in(typed: str) -> str | None:
    """Return the key that somebody typed, as `number_in` does a number."""
    return _signs_in(typed, KEY_LENGTH)


def _signs_in(typed: str, length: int) -> str | None:
    signs = re.sub(r"[\s\-‐‑‒–—]", "", typed).upper().translate(TAKEN_FOR_DIGITS)
    return signs if len(signs) == length and set(signs) <= set(ALPHABET) else None


def key_sha256(key: str) -> str:
    """Return what is kept of a key: no copy of the database shows names by it."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()
