"""Setting a document whole: every word that it is evidence of stands in it, or it is not set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typst import TypstError

from common.drawable import as_drawn, as_plain, with_breaks
from common.fonts import FAMILIES
from common.text import clean_text
from evidence.completeness import missing_from
from evidence.typst import compile_pdf


class CannotBeSet(Exception):
    """No document that holds every word it is evidence of could be set.

    Its message goes to logs and tells no content; `words` are for those who wrote them alone.
    """

    def __init__(self, words: list[str]) -> None:
        super().__init__(f"The document could not be set whole; {len(words)} words are not in it.")
        self.words = words


@dataclass(frozen=True, slots=True)
class Layout:
    """A template, and how the texts that fill it are made ready.

    `foot` is the bottom margin in points, where the page's number stands. Values named in `exact`
    are our own, to be copied letter by letter; those in `unbroken` stand where no line ends.
    """

    template: Path
    foot: float
    exact: frozenset[str] = frozenset()
    unbroken: frozenset[str] = frozenset()


def set_whole(
    layout: Layout, data: dict[str, Any], *, said: Collection[str], made_at: dt.datetime
) -> bytes:
    """Return the document as `set_document` does, its rarer signs as numbers if it takes that."""
    try:
        return set_document(layout, data, said=said, made_at=made_at)
    except CannotBeSet:
        return set_document(layout, data, said=said, made_at=made_at, drawn=as_plain)


def set_document(
    layout: Layout,
    data: dict[str, Any],
    *,
    said: Collection[str],
    made_at: dt.datetime,
    drawn: Callable[[str], str] = as_drawn,
) -> bytes:
    """Return the PDF of `data`, with every letter of what is `said` inside its pages.

    The template is told in `fonts` what to set it in, and in `has_numbers` whether some sign is
    drawn as a number. Raises CannotBeSet.
    """
    about = {
        "fonts": list(FAMILIES),
        "has_numbers": any(drawn(one) != clean_text(one) for one in _texts(data)),
    }
    try:
        pdf = compile_pdf(layout.template, _drawn(data, layout, drawn) | about, made_at=made_at)
    except TypstError:  # which quotes what it stumbled on, and logs are no place for that
        raise CannotBeSet([]) from None
    if lost := missing_from(pdf, said, foot=layout.foot, drawn=drawn):
        raise CannotBeSet(lost)
    return pdf


def _drawn(value: Any, layout: Layout, drawn: Callable[[str], str], key: str = "") -> Any:
    """All text as it can be set: no sign that no font has, and no word longer than its line."""
    if isinstance(value, dict):
        return {name: _drawn(one, layout, drawn, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_drawn(one, layout, drawn, key) for one in value]
    if not isinstance(value, str) or key in layout.exact:
        return value
    return drawn(value) if key in layout.unbroken else with_breaks(drawn(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
