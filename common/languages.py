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
