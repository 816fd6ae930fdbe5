"""Reading a seal back from bytes that anybody may have sent.

No PDF is parsed here. The seal says which bytes it covers, and that can be tried without following
what a hostile file says about itself.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from asn1crypto import cms
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

MOST_STREAMS = 500
MOST_UNPACKED = 256 * 1024
MOST_LITERALS = 100
"""A remark in the margin is written as such a string, too."""
LONGEST_LITERAL = 32 * 1024
MARK = 32
_CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f]{512,})>")
_LITERAL = re.compile(rb"/Contents\s*\(")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_OCTAL = frozenset(bytes([digit]) for digit in b"01234567")
_LETTERS = {
    **{b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"},
    **{b"\r\n": b"", b"\r": b"", b"\n": b""},
}
_SPACE = b"\x00\t\n\f\r "
_STREAM = re.compile(rb"stream\r?\n")
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")


@dataclass(frozen=True)
class SealReading:
    """What a seal says of the bytes it came with, and whose certificate it carries."""

    is_unchanged: bool
    fingerprint: str


MOST_SEALS = 8
"""What a document of ours has one of; more is somebody's trick, and each costs a hash."""


def sealed_parts(pdf: bytes) -> list[bytes]:
    """Return each beginning of `pdf` that a seal in it says it covers, the longest first.

    Whoever adds to a sealed document leaves what was sealed at its beginning, byte for byte.
    """
    ranges = list(_RANGE.finditer(pdf))[:MOST_SEALS]
    ends = {int(one[3]) + int(one[4]) for one in ranges if int(one[1]) == 0}
    return [pdf[:end] for end in sorted(ends, reverse=True) if end < len(pdf)]


def read_seal(pdf: bytes) -> SealReading | None:
    """None where there is no seal that can be read; never raises, whatever the bytes are."""
    for one in list(_RANGE.finditer(pdf))[:MOST_SEALS]:
        start, length, rest, rest_length = (int(number) for number in one.groups())
        covered = pdf[start : start + length] + pdf[rest : rest + rest_length]
        is_whole = start == 0 and length < rest and rest + rest_length == len(pdf)
        try:
            return _try(pdf[length:rest], covered, is_whole=is_whole)
        except Exception:  # noqa: S112 - a forged structure fails in ways that nobody can list
            continue
    return None


def certificate_marks(sealed: bytes, fingerprint: str) -> list[bytes]:
    """Return pieces of the certificate that `sealed` was sealed with, each of which it is known by.

    Of its key and of its issuer's signature, which no two certificates share; of either two, so
    that a damaged one leaves others. Nothing where no seal in it has that certificate.
    """
    for contents in _CONTENTS.findall(sealed)[:MOST_SEALS]:
        with suppress(Exception):  # as above
            signed = cms.ContentInfo.load(bytes.fromhex(contents.decode("ascii")))["content"]
            for one in signed["certificates"]:
                if one.chosen.sha256.hex() == fingerprint:
                    key = one.chosen.public_key["public_key"].contents
                    by_issuer = one.chosen["signature_value"].contents
                    return [
                        piece
                        for whole in (key, by_issuer)
                        for piece in (whole[-2 * MARK : -MARK], whole[-MARK:])
                    ]
    return []


def carries_any(pdf: bytes, marks: Iterable[bytes]) -> bool:
    """Whether a seal in `pdf`, whole or damaged, has one of these pieces of a certificate.

    A program that saves a document anew moves its seal, may pack it away in a stream, and may write
    it in another way. One that locks it with a password may lock the seal as well.
    """
    raw = list(marks)
    as_hex = [mark.hex().encode() for mark in raw]
    literals = 0
    for text in _readable(pdf):
        if b"/Contents" not in text:
            continue
        in_one_line = text.translate(None, delete=_SPACE).lower()
        if any(mark in in_one_line for mark in as_hex):
            return True
        for start in islice(_LITERAL.finditer(text), MOST_LITERALS - literals):
            literals += 1
            unescaped = _ESCAPE.sub(_unescaped, text[start.end() : start.end() + LONGEST_LITERAL])
            if any(mark in unescaped for mark in raw):
                return True
    return False


def _unescaped(found: re.Match[bytes]) -> bytes:
    """What stands behind a backslash in a string of PDF: a byte in octal, a letter, or itself."""
    said = found[1]
    if said[:1] in _OCTAL:
        return bytes([int(said, 8) & 0xFF])
    return _LETTERS.get(said, said)


def _readable(pdf: bytes) -> Iterator[bytes]:
    """The file as it is, and what its packed streams hold: no further than a seal is long."""
    yield pdf
    for stream in list(_STREAM.finditer(pdf))[:MOST_STREAMS]:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(pdf[stream.end() :], MOST_UNPACKED)


def _try(contents: bytes, covered: bytes, *, is_whole: bool) -> SealReading:
    encoded = bytes.fromhex(contents.strip().strip(b"<>").decode("ascii"))
    signed: cms.SignedData = cms.ContentInfo.load(encoded)["content"]
    signer = extract_signer_info(signed)
    serial = signer["sid"].chosen["serial_number"].native
    certificate = next(
        one.chosen for one in signed["certificates"] if one.chosen.serial_number == serial
    )
    is_intact, is_valid = validate_sig_integrity(
        signer,
        certificate,
        expected_content_type="data",
        actual_digest=hashlib.sha256(covered).digest(),
    )
    return SealReading(is_whole and is_intact and is_valid, certificate.sha256.hex())
