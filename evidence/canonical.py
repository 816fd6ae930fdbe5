"""One canonical JSON text for one content, and the hash of its bytes.

RFC 8785 (JSON Canonicalization Scheme) fixes the order of keys, the escapes and the numbers, so
that whoever has the content can make the very same bytes again, in any language.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(content: dict[str, Any]) -> str:
    """Return the canonical JSON of `content`."""
    return rfc8785.dumps(content).decode("utf-8")


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes of `text`, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def salted_sha256(salt: str, facts: dict[str, Any]) -> str:
    """Return the SHA-256 of `salt` before the canonical JSON of `facts`."""
    return sha256_of(salt + canonical(facts))
