"""Asking a document of an agreement whether it is whole."""

from __future__ import annotations

from typing import Any

from commitments.evidence.pdf import LAYOUT
from commitments.evidence.signed_words import signed_words
from evidence.completeness import missing_from


def missing_words(pdf: bytes, content: dict[str, Any]) -> list[str]:
    """Return the words of a snapshot that its document does not show."""
    return missing_from(pdf, signed_words(content), foot=LAYOUT.foot)
