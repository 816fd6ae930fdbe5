"""Numbers that stand for rows, as people and programs send them."""

from __future__ import annotations

LARGEST_KEY = 2**63 - 1
"""What PostgreSQL's bigint holds; a larger number is no row's."""
_DIGITS = len(str(LARGEST_KEY))


def is_key(number: int) -> bool:
    return 0 <= number <= LARGEST_KEY


def read_key(text: str) -> int | None:
    """Return the key that a text says; None for one that no row can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    return int(text) if is_key(int(text)) else None
