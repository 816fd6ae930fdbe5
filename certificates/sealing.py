"""Sealing the PDF of each certificate: by the worker, or by the sweep."""

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from django.db import transaction

from certificates import letters
from certificates.models import Certificate, CertificateDocument, SealingAttempt
from certificates.numbers import key_sha256, new_key
from certificates.pdf import render_certificate
from evidence.seal import CannotSeal, find_seal, seal_pdf

FIRST_WAIT = dt.timedelta(minutes=5)
LONGEST_WAIT = dt.timedelta(hours=6)


@transaction.atomic
def keep_document(*, certificate: Certificate, now: dt.datetime) -> CertificateDocument | None:
    """Make the PDF, seal it and keep it, unless it is kept already; and tell the person.

    Sealed once: whoever comes second waits for the first and takes that one. None where the
    certificate was withdrawn or replaced meanwhile. The name key is drawn here, set into the
    document and known nowhere else. Raises CannotSeal when there is no certificate to seal with,
    or none that holds, and CannotBeSet when the document would lack a letter of what it says.
    """
    held = Certificate.objects.select_for_update(of=("self",), no_key=True)
    locked = held.select_related("user", "seminar").get(pk=certificate.pk)
    kept = CertificateDocument.objects.filter(certificate=locked).first()
    if kept is not None or not locked.is_valid:
        return kept
    seal = find_seal()
    if seal is None:
        raise CannotSeal("The portal has no certificate to seal with.")
    key = new_key()
    pdf = seal_pdf(render_certificate(locked.facts, key=key, seal=seal), seal, now=now)
    document = CertificateDocument.objects.create(
        certificate=locked,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        key_sha256=key_sha256(key),
        sealed_with=seal.fingerprint,
        timestamped_by=urlsplit(seal.timestamp_url).hostname or "",
        created_at=now,
    )
    SealingAttempt.objects.filter(certificate=locked).delete()
    letters.ready(locked, now=now)
    return document


def left_behind(now: dt.datetime, *, after: dt.timedelta, at_most: int) -> list[int]:
    """Certificates issued a while ago that the worker never sealed, in the order to try them."""
    due = Certificate.objects.due_for_document(now=now, after=after)
    return list(due.values_list("pk", flat=True)[:at_most])


@transaction.atomic
def put_off(certificate_pk: int, *, now: dt.datetime) -> None:
    """Note that the document could not be made, and try it again later each time."""
    attempt, _is_new = SealingAttempt.objects.select_for_update().get_or_create(
        certificate_id=certificate_pk, defaults={"first_failed_at": now, "next_at": now}
    )
    wait = min(FIRST_WAIT * 2 ** min(attempt.tries, 10), LONGEST_WAIT)
    attempt.tries += 1
    attempt.next_at = now + wait
    attempt.save(update_fields=["tries", "next_at"])
