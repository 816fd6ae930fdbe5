"""Whether a document holds every word that is signed, read from the finished document itself."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from common.drawable import MAY_BREAK, as_drawn
from common.text import JOINERS, normalized
from evidence.pdf_text import text_inside

FIRST_FROM_THE_RIGHT: Final = 0x0590
SYMBOLS: Final = range(0x2010, 0x2E80)
BLANK: Final = JOINERS | {MAY_BREAK}


def missing_from(
    pdf: bytes, said: Iterable[str], *, foot: float, drawn: Callable[[str], str] = as_drawn
) -> list[str]:
    """Return the words of what is `said` that `pdf`, set by `drawn`, does not show in its pages.

    `foot` is the height in points of the margin where a page's number stands, which is not read.
    Each value has its own place: what is found once is not found again for another. Only words
    whose signs may be drawn in another order than they are read, as from right to left, are told
    by the number of each of their signs. Their neighbours are looked for in what the whole values
    have left: «og» beside a Hebrew name is not to be taken from inside another's word.
    """
    shown = _folded(text_inside(pdf, bottom=foot))
    shown, broken = _without(shown, map(drawn, said))
    lost = [value for value in broken if _is_in_order(value)]
    words = [word for value in broken if not _is_in_order(value) for word in value.split()]
    shown, absent = _without(shown, words)
    lost += [word for word in absent if _is_in_order(word)]
    scattered = [word for word in absent if not _is_in_order(word)]
    lacking = Counter(_folded("".join(scattered))) - Counter(shown)
    return lost + [word for word in scattered if lacking.keys() & set(_folded(word))]


def _without(shown: str, values: Iterable[str]) -> tuple[str, list[str]]:
    """Take each value from `shown` once, the longest first; return the rest, and who had none."""
    absent = []
    for value in sorted(values, key=len, reverse=True):
        folded = _folded(value)
        if folded in shown:
            shown = shown.replace(folded, "\0", 1)
        else:
            absent.append(value)
    return shown, absent


def _is_in_order(text: str) -> bool:
    """Whether each sign is drawn by itself and after the one before: Latin, Greek, punctuation."""
    return all(
        (ord(one) < FIRST_FROM_THE_RIGHT or ord(one) in SYMBOLS)
        and not unicodedata.category(one).startswith("M")
        for one in text
    )


def _folded(text: str) -> str:
    """Without what layout adds or takes: spaces, places to break, how letters are put together."""
    plain = normalized("NFKD", text)
    return "".join(one for one in plain if not one.isspace() and one not in BLANK)
