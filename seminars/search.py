"""What people type, as a PostgreSQL full-text query in Norwegian."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable

WORD = re.compile(r"\w+")
FOLDS = str.maketrans(
    {
        "æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ü": "y",
        "é": "e", "è": "e", "ê": "e", "ó": "o", "ò": "o", "ô": "o", "á": "a", "à": "a", "â": "a",
        "š": "s", "č": "c", "đ": "d", "ŋ": "n", "ŧ": "t", "ž": "z",
    }
)  # fmt: skip
"""The same as `norwegian_search_fold` in the database; a test holds them together."""
STOP_WORDS = frozenset({"å", "på", "så", "når", "også", "både", "før", "være", "vært", "då"})
"""Norwegian stop words that the fold hides from PostgreSQL's own list."""


def fold(text: str) -> str:
    return text.lower().translate(FOLDS)


def search_query(text: str) -> SearchQueryCombinable | None:
    """All the words, each as it is inflected or as the beginning of a word; None for no words.

    The words are taken out by a pattern and quoted, so that no sign in the text is an operator.
    """
    words = [word for word in WORD.findall(text) if word.lower() not in STOP_WORDS]
    query: SearchQueryCombinable | None = None
    for word in words[:12]:
        either = _prefix(word, "norwegian") | _prefix(word, "simple")
        query = either if query is None else query & either
    return query


def _prefix(word: str, config: str) -> SearchQuery:
    return SearchQuery(f"'{fold(word)}':*", search_type="raw", config=config)
