"""Small pictures that lie in a letter: mail programs fetch none, and Outlook draws no SVG."""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field
from typing import Self

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 16 * 1024
"""Bytes of one picture: a code is 300, and a letter is no place for photographs."""
LONGEST_IMAGES = 64 * 1024
"""Characters of all pictures of one letter as they lie in its row; the database holds it too."""


@dataclass(frozen=True, slots=True)
class LetterImage:
    """A PNG and what it shows in words, for whoever does not see it.

    Raises ValueError of what is no PNG, or a large one. The picture may be a key to something, so
    it is in no `repr`, and so in no log.
    """

    png: bytes = field(repr=False)
    alt: str

    def __post_init__(self) -> None:
        if not self.png.startswith(PNG) or len(self.png) > LARGEST:
            raise ValueError("Not a PNG, or too large a one for a letter.")

    @property
    def content_id(self) -> str:
        """What the HTML calls it by (RFC 2392): other pictures of other letters have others."""
        return f"{hashlib.sha256(self.png).hexdigest()[:32]}@lederportalen"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, from the header of the file (PNG, 11.2.2)."""
        width, height = struct.unpack(">II", self.png[16:24])
        return width, height

    def as_row(self) -> dict[str, str]:
        """Return it as it lies in the letter's row."""
        return {"png": base64.b64encode(self.png).decode(), "alt": self.alt}

    @classmethod
    def from_row(cls, row: dict[str, str]) -> Self:
        return cls(png=base64.b64decode(row["png"]), alt=row["alt"])
