"""What people type in the list of seminars, as a question to PostgreSQL."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db.models import Q

from common.norwegian import NOTHING, search_fold

WORD = re.compile(r"\w+")
MOST_WORDS = 12
STOP_WORDS = frozenset({"å", "på", "så", "når", "også", "både", "før", "være", "vært", "då"})
"""Norwegian stop words that the fold hides from PostgreSQL's own list."""
ENDINGS = ("ene", "ane", "en", "et", "er", "n", "e", "r", "a")
"""Of nouns in the definite and the plural: whoever types «samtalen» means «samtaler» as well."""
SHORTEST_PART = 4
"""«Kurs» is a word within «lederkurs»; of shorter ones chance makes too many."""


def matches(text: str) -> Q:
    """Return the condition that a seminar holds every word typed; nothing typed is held by all.

    Each word is found as it is inflected, as the beginning of a word, or as part of a compound:
    «ledelse» is in «personalledelse». The seminar's columns are `search` and `search_text`.
    Signs in which there is no word are in none; small words alone are looked for as they are.
    """
    typed = WORD.findall(text)
    if not typed and text.strip():
        return NOTHING
    condition = Q()
    words = [word for word in typed if word.lower() not in STOP_WORDS]
    for word in (words or typed)[:MOST_WORDS]:
        found = Q(search=_prefix(word, "norwegian") | _prefix(word, "simple"))
        if part := compound_part(word):
            found |= Q(search_text__contains=part)
        condition &= found
    return condition


def compound_part(word: str) -> str:
    """Return what of a word is looked for inside others, folded; nothing where it is too short."""
    folded = search_fold(word)
    for ending in ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST_PART:
            return folded.removesuffix(ending)
    return folded if len(folded) >= SHORTEST_PART else ""


def _prefix(word: str, config: str) -> SearchQueryCombinable:
    """The word is taken out by a pattern and quoted, so that no sign in it is an operator."""
    return SearchQuery(f"'{search_fold(word)}':*", search_type="raw", config=config)
