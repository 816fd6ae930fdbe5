"""What is true of a PDF that somebody holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from certificates.models import Certificate, CertificateDocument
from evidence.seal_reading import carries_any, certificate_marks, read_seal, sealed_parts


class FileVerdict(StrEnum):
    UNCHANGED = "unchanged"
    """The very bytes that the portal sealed."""
    ADDED_TO = "added_to"
    """The bytes that the portal sealed, and others after them."""
    CHANGED = "changed"
    """With the portal's seal, which no longer holds."""
    NOT_KEPT = "not_kept"
    """With the portal's seal, which holds, but no certificate that it keeps."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """`certificate` where the portal sealed it: whoever has the document may read its name."""

    verdict: FileVerdict
    certificate: Certificate | None = None


def inspect_file(pdf: bytes) -> InspectedFile:
    """Answer by the file's bytes first, then by those a seal in it covers."""
    if whole := _sealed(pdf):
        return InspectedFile(FileVerdict.UNCHANGED, whole)
    for part in sealed_parts(pdf):
        if inner := _sealed(part):
            return InspectedFile(FileVerdict.ADDED_TO, inner)
    reading = read_seal(pdf)
    if reading is not None and reading.is_unchanged and _is_ours(reading.fingerprint):
        return InspectedFile(FileVerdict.NOT_KEPT)
    is_ours = carries_any(pdf, _our_marks())
    return InspectedFile(FileVerdict.CHANGED if is_ours else FileVerdict.UNKNOWN)


def _sealed(pdf: bytes) -> Certificate | None:
    sha256 = hashlib.sha256(pdf).hexdigest()
    return Certificate.objects.filter(document__sha256=sha256).first()


def _is_ours(fingerprint: str) -> bool:
    return CertificateDocument.objects.filter(sealed_with=fingerprint).exists()


def _our_marks() -> list[bytes]:
    """What each certificate that the portal has sealed with is known by, from one of its seals."""
    one_of_each = CertificateDocument.objects.order_by("sealed_with", "pk").distinct("sealed_with")
    return [
        mark
        for pdf, fingerprint in one_of_each.values_list("pdf", "sealed_with")
        for mark in certificate_marks(bytes(pdf), fingerprint)
    ]
