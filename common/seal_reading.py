"""Reading a seal back from bytes that anybody may have sent.

No PDF is parsed here. The seal says which bytes it covers, and that can be tried without following
what a hostile file says about itself.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")


@dataclass(frozen=True)
class SealReading:
    """What a seal says of the bytes it came with, and whose certificate it carries."""

    is_unchanged: bool
    fingerprint: str


def read_seal(pdf: bytes) -> SealReading | None:
    """None where there is no seal that can be read; never raises, whatever the bytes are."""
    ranges = _RANGE.findall(pdf)
    if len(ranges) != 1:
        return None
    start, length, rest, rest_length = (int(number) for number in ranges[0])
    covered = pdf[start : start + length] + pdf[rest : rest + rest_length]
    is_whole = start == 0 and length < rest and rest + rest_length == len(pdf)
    try:
        return _try(pdf[length:rest], covered, is_whole=is_whole)
    except Exception:  # a forged structure fails in ways that nobody can list
        return None


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
