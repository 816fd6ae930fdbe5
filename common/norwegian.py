"""Norwegian order and search, the same on every PostgreSQL.

Nothing here leans on a collation of the server: the embedded wheel is built without ICU, and an
index built under one version of a collation library is wrong under the next. The SQL functions
below use `normalize`, `translate` and `replace` alone, so they are IMMUTABLE in earnest. Which
letter is near which is Unicode's word (NFKD) and, where Unicode is silent («ł», «đ», «þ»), the
transliteration of the `anyascii` library.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import and_

from anyascii import anyascii
from django.db import models
from django.db.models import F, Func, Q

from common.text import normalized

MARKS = "[\u0300-\u036f]+"
"""Accents and the like, once Unicode has parted them from their letters."""
DROPPED = "'’‘ʼʻ`´"
"""«O'Brien» and «OBrien» are looked up alike."""
SPELT_TWO_WAYS = {"ae": "a", "oe": "o", "ue": "u", "aa": "a"}
"""«Aasen», «Åsen» and «Asen» are one, and so are «Möller», «Møller», «Moeller» and «Moller»."""
AFTER_Z = {"ÆæÄä": "{", "ØøÖö": "|", "Åå": "}", "Üü": "y"}
"""The three characters after z in ASCII: æ, ø and å come last; «ü» is looked for under y."""
WIDEST_KEY = 400


def _parted(character: str) -> str:
    return re.sub(MARKS, "", normalized("NFKD", character))


def _plain_letters() -> tuple[dict[str, str], dict[str, str]]:
    """Return the Latin letters that Unicode takes apart no further, as one and as several of a–z.

    Those of the living languages of Europe: Latin-1, Latin Extended-A, and «ə», «ʒ», «ǥ» and «ẞ».
    """
    one = {chr(number): chr(number + 32) for number in range(ord("A"), ord("Z") + 1)}
    several: dict[str, str] = {}
    for number in (*range(0xC0, 0x180), 0x18F, 0x1B7, 0x1E4, 0x1E5, 0x259, 0x292, 0x1E9E):
        for letter in _parted(chr(number)):
            plain = anyascii(letter).lower()
            if not letter.isascii() and letter.isalpha() and plain.isalpha():
                (one if len(plain) == 1 else several)[letter] = plain
    return one, several


def _small_letters() -> dict[str, str]:
    """Return Greek and Cyrillic capitals with their small letters, one to one."""
    letters = (chr(number) for number in range(0x370, 0x530))
    pairs = ((letter, letter.lower()) for letter in letters if letter != letter.lower())
    return {large: small for large, small in pairs if _parted(large) == large}


ONE, SEVERAL = _plain_letters()
ONE |= _small_letters()


NOTHING = Q(pk__in=[])
"""The condition that no row fulfils, for what was typed and can be looked for nowhere."""


def search_fold(text: str) -> str:
    """Return text as it is looked up: no case, no accents, æ/ae/a, ø/oe/o and å/aa/a made one.

    The same as `norwegian_search_fold` in the database.
    """
    folded = _parted(text).translate(str.maketrans({**ONE, **dict.fromkeys(DROPPED)}))
    for letters in (SEVERAL, SPELT_TWO_WAYS):
        for found, plain in letters.items():
            folded = folded.replace(found, plain)
    return folded


def search_words(text: str) -> list[str]:
    """Return the words that were typed, folded: «Dahl, Liv-Marie» is three. At most twelve."""
    return [word for word in re.split(r"[\s,;/()‐‑‒–—−-]+", search_fold(text)) if word][:12]


def holds_words(folded: str, typed: str) -> Q:
    """Return the condition that a folded text holds every word typed, in any order.

    `folded` names an annotation by `SearchFold`. Nothing typed is held by all; signs in which
    there is no word are held by none.
    """
    words = search_words(typed)
    if not words and typed.strip():
        return NOTHING
    return reduce(and_, (Q((f"{folded}__contains", word)) for word in words), Q())


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _replaced(expression: str, letters: dict[str, str]) -> str:
    for found, plain in letters.items():
        expression = f"replace({expression}, {_literal(found)}, {_literal(plain)})"
    return expression


def _without_marks(expression: str) -> str:
    return f"regexp_replace(normalize({expression}, NFKD), '{MARKS}', '', 'g')"


def _translated(expression: str, dropped: str = "") -> str:
    """`translate` drops what stands last in its list and has nothing to become."""
    return (
        f"translate({expression}, {_literal(''.join(ONE) + dropped)},"
        f" {_literal(''.join(ONE.values()))})"
    )


def _last_letters(expression: str) -> str:
    letters = {letter: after for some, after in AFTER_Z.items() for letter in some}
    return (
        f"translate({expression}, {_literal(''.join(letters))},"
        f" {_literal(''.join(letters.values()))})"
    )


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}(value text) RETURNS text\n"
        f"LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$\nSELECT {body}\n$$;\n"
    )


SORT_KEY_SQL = _function(
    "norwegian_sort_key",
    "left(replace({folded}, 'aa', '}}'), {width})".format(
        folded=_replaced(
            _translated(_without_marks(_last_letters("normalize(value, NFC)"))), SEVERAL
        ),
        width=WIDEST_KEY,
    ),
)
"""æ, ø and å last; «Aa» sorts as «Å», other letters with accents beside the letter without."""

SEARCH_FOLD_SQL = _function(
    "norwegian_search_fold",
    _replaced(_translated(_without_marks("value"), DROPPED), SEVERAL | SPELT_TWO_WAYS),
)
"""What is typed «Gronland», «Grønland» or «GROENLAND»: see `search_fold`."""

DROP_SQL = (
    "DROP FUNCTION IF EXISTS norwegian_sort_key(text);"
    "DROP FUNCTION IF EXISTS norwegian_search_fold(text);"
)


class SortKey(Func):
    """SQL: the text's place in Norwegian order, to be compared under COLLATE "C"."""

    function = "norwegian_sort_key"
    output_field = models.CharField(db_collation="C")


class SearchFold(Func):
    """SQL: the text as it is looked up; see `search_fold`."""

    function = "norwegian_search_fold"
    output_field = models.TextField()


def sort_key_field(source: str) -> models.GeneratedField:
    """A stored column that orders rows by `source` as a Norwegian dictionary would."""
    return models.GeneratedField(
        expression=SortKey(F(source)),
        output_field=models.CharField(max_length=WIDEST_KEY, db_collation="C"),
        db_persist=True,
        db_index=True,
    )
