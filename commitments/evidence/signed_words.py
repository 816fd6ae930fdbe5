"""The words of a snapshot that its document must show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from commitments.agreement_text import is_own_agency
from common import dates

UNSAID: Final = frozenset({"schema", "salt", "thread", "owner"})
"""Of the snapshot: what tells machines apart what people said."""
DAYS: Final = frozenset({"follow_up_on", "review_on"})


def signed_words(content: dict[str, Any]) -> list[str]:
    """Return what is said, less the name of an agency that is the unit itself: it is shown once."""
    if content["agency"] is not None and is_own_agency(content):
        content = content | {"agency": None}
    return list(_said(content))


def _said(content: Any, key: str = "") -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _said(value, name)
    elif isinstance(content, list):
        for value in content:
            yield from _said(value, key)
    elif isinstance(content, str) and key in DAYS:
        yield dates.long_date(dt.date.fromisoformat(content))
    elif isinstance(content, str) and key not in UNSAID:
        yield content
