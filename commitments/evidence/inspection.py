"""What is true of a document that somebody holds, without saying what it says."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from commitments.models import Document, Revision
from evidence.seal_reading import carries_any, certificate_marks, read_seal, sealed_parts
from people.models import User


class Verdict(StrEnum):
    SEALED = "sealed"
    """The very bytes that the portal sealed."""
    TEXT = "text"
    """The hash of a text that both have signed."""
    ADDED_TO = "added_to"
    """The bytes that the portal sealed, and others after them."""
    CHANGED = "changed"
    """With the portal's seal, which no longer holds."""
    NOT_KEPT = "not_kept"
    """With the portal's seal, which holds, but the portal keeps it no more."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class VerificationResult:
    """`revision` only for the two whose agreement it is."""

    verdict: Verdict
    sha256: str
    at: dt.datetime | None = None
    timestamped_by: str = ""
    revision: Revision | None = None


def inspect_file(pdf: bytes, *, by: User, today: dt.date) -> VerificationResult:
    """By its bytes first, then by those a seal in it covers; a seal is only read after that."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    known = inspect_hash(sha256, by=by, today=today)
    if known.verdict is not Verdict.UNKNOWN:
        return known
    for part in sealed_parts(pdf):
        inner = inspect_hash(hashlib.sha256(part).hexdigest(), by=by, today=today)
        if inner.verdict is Verdict.SEALED:
            return replace(inner, verdict=Verdict.ADDED_TO, sha256=sha256)
    reading = read_seal(pdf)
    if reading is not None and reading.is_unchanged and _is_ours(reading.fingerprint):
        return VerificationResult(Verdict.NOT_KEPT, sha256)
    is_ours = carries_any(pdf, _our_marks())
    return VerificationResult(Verdict.CHANGED if is_ours else Verdict.UNKNOWN, sha256)


def inspect_hash(sha256: str, *, by: User, today: dt.date) -> VerificationResult:
    """A document's, or that of the text which both sign. Anybody who has one may ask."""
    document = Document.objects.described().filter(sha256=sha256).first()
    if document is not None:
        seen = _shown(document.revision_id, by, today)
        at, stamp = document.created_at, document.timestamped_by
        return VerificationResult(Verdict.SEALED, sha256, at, stamp, seen)
    signed = Revision.objects.signed().filter(sha256=sha256).only("signed_at").first()
    if signed is not None:
        return VerificationResult(
            Verdict.TEXT, sha256, signed.signed_at, revision=_shown(signed.pk, by, today)
        )
    return VerificationResult(Verdict.UNKNOWN, sha256)


def _shown(revision: int, by: User, today: dt.date) -> Revision | None:
    mine = Revision.objects.visible_to(by, on=today).filter(pk=revision)
    return mine.select_related("agreement__leader", "agreement__employee").first()


def _is_ours(fingerprint: str) -> bool:
    return Document.objects.filter(certificate=fingerprint).exists()


def _our_marks() -> list[bytes]:
    """What each certificate that the portal has sealed with is known by, from one of its seals."""
    one_of_each = Document.objects.order_by("certificate", "pk").distinct("certificate")
    return [
        mark
        for pdf, fingerprint in one_of_each.values_list("pdf", "certificate")
        for mark in certificate_marks(bytes(pdf), fingerprint)
    ]
