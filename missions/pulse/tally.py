"""The sealed tally: the sums of a round that is open, as bytes the database cannot read.

Why sums and not rows, and why sealed, is decided in docs/adr/0009-pulse-without-answers.md.
"""

from __future__ import annotations

import os
import struct
import uuid
from dataclasses import astuple, dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from missions.models.pulse import PulseAnswer, Unsure

_LAYOUT = struct.Struct(">6I")
_NONCE_BYTES = 12
_PURPOSE = b"lederportalen.missions.pulse"


class CannotBeOpened(Exception):
    """The tally was sealed with a key that the portal no longer has, or has been tampered with."""


@dataclass(frozen=True)
class Tally:
    """How many said what. The three about being unsure may overlap, and say nothing of each other:
    who chose two of them is counted once in each."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    unsure_mission: int = 0
    unsure_for_whom: int = 0
    unsure_contribution: int = 0

    @property
    def answers(self) -> int:
        return self.yes + self.partly + self.no

    @property
    def other(self) -> int:
        """Everybody who did not say «ja»."""
        return self.partly + self.no

    def with_answer(self, answer: PulseAnswer, unsure: frozenset[Unsure]) -> Tally:
        raised = [str(answer)]
        if answer == PulseAnswer.PARTLY:
            raised += [f"unsure_{topic}" for topic in unsure]
        return replace(self, **{name: getattr(self, name) + 1 for name in raised})


def seal(tally: Tally, salt: uuid.UUID) -> bytes:
    """Always the same length, and never the same bytes twice, whatever was added."""
    nonce = os.urandom(_NONCE_BYTES)
    plain = _LAYOUT.pack(*astuple(tally))
    return nonce + _cipher(settings.SECRET_KEY, salt).encrypt(nonce, plain, None)


def unseal(sealed: bytes, salt: uuid.UUID) -> Tally:
    """Raises CannotBeOpened. A key that has been replaced still opens what it sealed."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = _cipher(key, salt).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except InvalidTag:
            continue
        return Tally(*_LAYOUT.unpack(plain))
    raise CannotBeOpened


def _cipher(secret: str | bytes, salt: uuid.UUID) -> AESGCM:
    """A key of the round's own, so that no other use of the secret can open it."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=salt.bytes, info=_PURPOSE)
    return AESGCM(kdf.derive(force_bytes(secret)))
