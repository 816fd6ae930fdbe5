"""The languages of the portal, each by its own name; the first is what pages are written in.

One more is a line here, a folder in `locale/`, which `manage.py messages --update` makes, one in
`portal/formats/` if Django writes its dates otherwise, and the migration that follows: a person's
language is one of these.
"""

from __future__ import annotations

from typing import Final

SOURCE_LANGUAGE: Final = "nb"
"""Its words are the message ids, so it has no catalogue."""

LANGUAGES: Final = {
    SOURCE_LANGUAGE: "Bokmål",
    "en": "English",
}


class Written(str):
    """What people have written, where the portal's own words may stand too: a step of a path.

    On a page in another language it is marked as in its own; a letter's is the recipient's.
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = SOURCE_LANGUAGE) -> Written:
        written = super().__new__(cls, text)
        written.language = language
        return written
