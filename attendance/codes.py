"""The code of a certain seat: a number and a signature, and nothing about the person.

At most 40 signs, all of which a QR code holds in its compact alphabet (ISO/IEC 18004, 7.4.4). It
names a registration; whoever has no seat any more has a code that opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import re
from functools import cached_property

import segno

from attendance.models import DoorKey
from seminars.models import Registration, Seminar

LONGEST = 40
PREFIX = "LP"
SIGNED_BYTES = 10
"""80 bits: nobody guesses one of three hundred at a door that answers a few times a second."""
WRITTEN = re.compile(r"LP([1-9][0-9]{0,17})[.]([A-Z2-7]{16})")


def key_of(seminar: Seminar) -> bytes:
    """Return what the seminar's codes are signed with; made when it is first asked for."""
    key, _is_new = DoorKey.objects.get_or_create(seminar=seminar)
    return bytes(key.secret)


def code_of(registration_pk: int, key: bytes) -> str:
    """Return the code of a registration, signed with its seminar's key."""
    return f"{PREFIX}{registration_pk}.{_signature(registration_pk, key)}"


def _signature(registration_pk: int, key: bytes) -> str:
    digest = hmac.digest(key, f"seat:{registration_pk}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:SIGNED_BYTES]).decode()


def registration_in(code: str) -> int | None:
    """Return the number that a code names, whether or not its signature is right."""
    found = WRITTEN.fullmatch(_read(code))
    return int(found[1]) if found else None


def is_true(code: str, key: bytes) -> bool:
    """Tell whether a code is one that the key has signed."""
    found = WRITTEN.fullmatch(_read(code))
    return found is not None and hmac.compare_digest(found[2], _signature(int(found[1]), key))


def _read(code: str) -> str:
    """As it was meant: a hand scanner may add a line end, a person small letters and spaces."""
    return "".join(code.split()).upper()


class SeatCode:
    """The code of one certain seat for a letter: written and drawn when the letter is."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration

    @cached_property
    def written(self) -> str:
        return code_of(self.registration.pk, key_of(self.registration.seminar))

    @property
    def png(self) -> bytes:
        return png_of(self.written)


def png_of(code: str) -> bytes:
    """Return the code as a PNG file, for what draws no SVG: mail programs."""
    file = io.BytesIO()
    segno.make(code, error="m", micro=False).save(file, kind="png", scale=8, border=4)
    return file.getvalue()


def svg_of(code: str) -> bytes:
    """Return the code as an SVG file, dark on light in every colour scheme."""
    file = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        file, kind="svg", scale=8, border=4, dark="#000", light="#fff"
    )
    return file.getvalue()
