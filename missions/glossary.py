"""Shared words, explained where they occur."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from missions.models import Term


def explained(text: str, terms: Iterable[Term] | None) -> SafeString:
    """The text, escaped, with the first place of each term leading to its explanation."""
    by_word = {term.word.casefold(): term for term in terms or ()}
    if not by_word:
        return conditional_escape(text)
    # The longest first, so that «kjerneoppgave» is not cut short by «kjerne».
    longest_first = sorted(by_word, key=len, reverse=True)
    words = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
    pieces: list[str] = []
    for number, piece in enumerate(words.split(text)):
        term = by_word.pop(piece.casefold(), None) if number % 2 else None
        pieces.append(_link(piece, term) if term else conditional_escape(piece))
    return mark_safe("".join(pieces))  # noqa: S308 (every piece is escaped)


def _link(word: str, term: Term) -> SafeString:
    url = f"{reverse('missions:glossary')}#ord-{term.pk}"
    return format_html('<a class="pkt-link lp-term" href="{}">{}</a>', url, word)
