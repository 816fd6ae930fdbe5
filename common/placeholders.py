"""A text that is rendered once and filled in for many.

A mark that stands in the text must be one that no word around it can hold: what people write holds
any character there is, private ones too. So each rendering has marks with a number of its own that
nobody can know beforehand, and the text is cut at them once. What is filled in is never read again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

Pieces = tuple[str, ...]
"""The text between the marks, and in every second place which mark it is."""


class Placeholders:
    def __init__(self) -> None:
        self._token = secrets.token_hex(16)

    def mark(self, name: str) -> str:
        return f"x{self._token}_{name}_x"

    def split(self, text: str) -> Pieces:
        return tuple(re.split(f"x{self._token}_(\\w+?)_x", text))


def filled(pieces: Pieces, words: Mapping[str, str]) -> str:
    """Return the text with each mark's words in its place."""
    return "".join(words[one] if index % 2 else one for index, one in enumerate(pieces))
