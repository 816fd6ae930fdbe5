"""What people type in the list of seminars, as a question to PostgreSQL."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db.models import Q

from common.norwegian import DROPPED, NOTHING, search_fold
from people.models import Unit, person_is_named

WORD = re.compile(r"\w+")
MOST_WORDS = 12
STOP_WORDS = frozenset({"å", "på", "så", "når", "også", "både", "før", "være", "vært", "då"})
"""Norwegian stop words that the fold hides from PostgreSQL's own list."""
ENDINGS = ("ene", "ane", "en", "et", "er", "ar", "ne", "n", "e", "r", "a")
"""Of nouns in the definite and the plural: whoever types «samtalen» means «samtaler» as well."""
AFTER_SIGN = re.compile(rf"[{DROPPED}]|(?<=\w)-(?:{'|'.join(ENDINGS)})\b")
"""What is written between a word and its ending, and «-en» after an abbreviation («HMS-en»)."""
SHORTEST_PART = 4
"""«Kurs» is a word within «lederkurs»; of shorter ones chance makes too many."""
SHORTEST_LAST_PART = 3
"""«Mål» is what «delmålene» are: as the last part of a compound a shorter one is no chance."""
SHORTEST_BEGINNING = 3
"""«Led» begins «ledelse»; «KI» is a word and no beginning of «kino»."""
COLUMNS = ("title", "summary", "description", "audience", "place_name")


def matches(text: str) -> Q:
    """Return the condition that a seminar holds every word typed; nothing typed is held by all.

    Each word is found as it is inflected, in the genitive too, as the beginning of a word, or as
    part of a compound: «ledelse» is in «personalledelse», and «mål» is what «delmålene» are. The
    seminar's columns are `search` and `search_text`. Signs in which there is no word are in none;
    small words alone are looked for as they are.
    """
    typed = WORD.findall(AFTER_SIGN.sub("", text))
    if not typed and text.strip():
        return NOTHING
    condition = Q()
    words = [word for word in typed if word.lower() not in STOP_WORDS]
    for word in (words or typed)[:MOST_WORDS]:
        condition &= _holds(word.lower())
    return condition


def _holds(word: str) -> Q:
    found = Q(search=_as_inflected(search_fold(word)))
    part = without_ending(word)
    folded = search_fold(part)
    if len(folded) >= SHORTEST_PART:
        return found | Q(search_text__contains=folded)
    if len(folded) >= SHORTEST_LAST_PART and folded.isascii() and folded.isalpha():
        spelt = _spelt(part)
        if part == word:
            found &= spelt
        return found | (Q(search_text__regex=_last_part(folded)) & spelt)
    return found


def without_ending(word: str) -> str:
    """Return the word without the ending of the definite or plural, in the genitive or not.

    As it is where too little would be left: «kurs» is not the genitive of «kur».
    """
    bare = without_genitive(word)
    for ending in ENDINGS:
        left = bare.removesuffix(ending)
        if left != bare and len(search_fold(left)) >= SHORTEST_LAST_PART:
            return left
    return bare


def without_genitive(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > SHORTEST_PART else word


def _last_part(folded: str) -> str:
    return rf"[a-z]{{2}}{folded}(?:{'|'.join(ENDINGS)})?s?\M"


def _spelt(part: str) -> Q:
    """With the letters that were typed, where there are others than English: «råd» is not «rad».

    Written out, as no collation is leant on that would know «Å» as the capital of «å».
    """
    if part.isascii():
        return Q()
    held = Q()
    for column in COLUMNS:
        for spelling in (part, part.upper(), part.capitalize()):
            held |= Q(**{f"{column}__contains": spelling})
    return held


def _as_inflected(folded: str) -> SearchQueryCombinable:
    query = _query(folded, "simple", is_beginning=True)
    # The «s» of «kurs» is its own: its stem would begin «kurator».
    own_s = folded.endswith("s") and len(folded) <= SHORTEST_PART
    query |= _query(folded, "norwegian", is_beginning=not own_s)
    if (bare := without_genitive(folded)) != folded:
        query |= _query(bare, "simple", is_beginning=True)
    return query


def _query(folded: str, config: str, *, is_beginning: bool) -> SearchQuery:
    """The word is taken out by a pattern and quoted, so that no sign in it is an operator."""
    sign = ":*" if is_beginning and len(folded) >= SHORTEST_BEGINNING else ""
    return SearchQuery(f"'{folded}'{sign}", search_type="raw", config=config)


def person_or_unit_is_named(text: str) -> Q:
    """Return the condition that a row's person, or its unit or agency, holds each word typed."""
    if not text.strip():
        return Q()
    units = Unit.objects.named_like(text).values("pk")
    person = person_is_named(text, searched="user__search_text", user="user_id")
    return person | Q(unit__in=units) | Q(agency__in=units)
