"""The key that digital badges are signed with, and the keys that older ones were signed with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from openbadgeslib.ob3 import multikey_from_pem

from evidence.kept_file import kept_file


@dataclass(frozen=True, slots=True)
class BadgeKey:
    """An Ed25519 key in PEM, and the name it is published by."""

    private_pem: bytes = field(repr=False)
    multikey: str


def find_badge_key() -> BadgeKey | None:
    """Return the key that the settings name; None for a portal without one.

    Raises ImproperlyConfigured when it cannot be read.
    """
    if settings.BADGE_KEY:
        return _read(settings.BADGE_KEY, settings.BADGE_KEY_PASSPHRASE)
    if not settings.BADGE_KEY_SELF_MADE_DIR:
        return None
    path = kept_file(Path(settings.BADGE_KEY_SELF_MADE_DIR) / "badge-key.pem", make_key)
    return _read(str(path), "")


def offers_badges() -> bool:
    """Whether there is a key to sign with; `check --deploy` tells of one that cannot be read."""
    try:
        return find_badge_key() is not None
    except ImproperlyConfigured:
        return False


def published_multikeys() -> list[str]:
    """Return the keys that badges can be verified with: today's first, then those retired.

    Raises ImproperlyConfigured when one of them cannot be read.
    """
    current = find_badge_key()
    own = [current.multikey] if current else []
    retired = [_read_retired(path) for path in settings.BADGE_RETIRED_KEYS]
    return list(dict.fromkeys([*own, *retired]))


def make_key() -> bytes:
    """Make a new key, in PEM."""
    return _pem(Ed25519PrivateKey.generate())


@cache
def _read(path: str, passphrase: str) -> BadgeKey:
    try:
        private = load_pem_private_key(Path(path).read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured(f"BADGE_KEY cannot be read: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ImproperlyConfigured("BADGE_KEY is not an Ed25519 key.")
    return BadgeKey(_pem(private), _multikey(private.public_key()))


@cache
def _read_retired(path: str) -> str:
    try:
        public = load_pem_public_key(Path(path).read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured(
            f"{path} of BADGE_RETIRED_KEYS is not a public key: {error}"
        ) from error
    if not isinstance(public, Ed25519PublicKey):
        raise ImproperlyConfigured(f"{path} of BADGE_RETIRED_KEYS is not an Ed25519 key.")
    return _multikey(public)


def _pem(private: Ed25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _multikey(public: Ed25519PublicKey) -> str:
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return str(multikey_from_pem(pem))
