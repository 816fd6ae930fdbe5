"""Shared words, explained where they occur.

A word is a button that opens its explanation above the page: the browser's own popover, which
needs no script and works by touch, mouse and keyboard. A browser that does not know it shows the
explanations below the text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from missions.models import Term
from people.models import Viewer


class Glossary:
    """The shared words for one page: asked for once, and noting which of them the page used."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.by_word = {term.word.casefold(): term for term in terms}
        # The longest first, so that «kjerneoppgave» is not cut short by «kjerne».
        longest_first = sorted(self.by_word, key=len, reverse=True)
        words = "|".join(map(re.escape, longest_first))
        self._words = re.compile(rf"\b({words})\b", re.IGNORECASE)
        self._used: dict[int, Term] = {}

    @property
    def used(self) -> list[Term]:
        """Those that texts until now have led to, in the order in which they came."""
        return list(self._used.values())

    def explain(self, text: str) -> SafeString:
        """The text, escaped, with the first place of each word leading to its explanation."""
        if not self.by_word:
            return conditional_escape(text)
        left = dict(self.by_word)
        pieces: list[str] = []
        for number, piece in enumerate(self._words.split(text)):
            term = left.pop(piece.casefold(), None) if number % 2 else None
            pieces.append(self._button(piece, term) if term else conditional_escape(piece))
        return mark_safe("".join(pieces))  # noqa: S308 (every piece is escaped)

    def _button(self, word: str, term: Term) -> SafeString:
        self._used[term.pk] = term
        return format_html(
            '<button type="button" class="lp-term" popovertarget="ord-{}">{}</button>',
            term.pk,
            word,
        )


def glossary_for(user: Viewer, *, on: dt.date) -> Glossary:
    """The shared words, in one query whatever the page says."""
    return Glossary(Term.objects.visible_to(user, on=on))


def explained(text: str, glossary: Glossary | None) -> SafeString:
    """Plain text, escaped, where the page has no glossary."""
    return glossary.explain(str(text)) if glossary else conditional_escape(text)
