"""Sums under seal: counts of an asking that is open, as bytes the database cannot read.

Why sums and not rows, and why sealed, is decided in docs/adr/0009-pulse-without-answers.md.
"""

from __future__ import annotations

import os
import struct
import uuid
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

_NONCE_BYTES = 12
_TAG_BYTES = 16
_COUNT_BYTES = 4


class CannotBeOpened(Exception):
    """The counts were sealed with a key that the portal no longer has, or tampered with."""


def sealed_bytes(counts: int) -> int:
    """Return the length of so many counts under seal, whatever they say."""
    return _NONCE_BYTES + _COUNT_BYTES * counts + _TAG_BYTES


def seal_counts(counts: Sequence[int], *, salt: uuid.UUID, purpose: bytes) -> bytes:
    """Always the same length, and never the same bytes twice, whatever was added."""
    nonce = os.urandom(_NONCE_BYTES)
    plain = struct.pack(f">{len(counts)}I", *counts)
    return nonce + _cipher(settings.SECRET_KEY, salt, purpose).encrypt(nonce, plain, None)


def unseal_counts(sealed: bytes, *, salt: uuid.UUID, purpose: bytes) -> tuple[int, ...]:
    """Raises CannotBeOpened. A key that has been replaced still opens what it sealed."""
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = _cipher(key, salt, purpose).decrypt(nonce, rest, None)
        except InvalidTag:
            continue
        return struct.unpack(f">{len(plain) // _COUNT_BYTES}I", plain)
    raise CannotBeOpened


def _cipher(secret: str | bytes, salt: uuid.UUID, purpose: bytes) -> AESGCM:
    """A key of this asking's own, so that no other use of the secret can open it."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=salt.bytes, info=purpose)
    return AESGCM(kdf.derive(force_bytes(secret)))
