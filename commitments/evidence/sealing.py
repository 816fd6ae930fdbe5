"""Sealing the PDF of each signed revision: by the worker, the sweep, or when asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from django.db import transaction

from commitments.evidence import chain
from commitments.evidence.pdf import render_document
from commitments.models import Document, DocumentAttempt, EventKind, Revision
from evidence.seal import CannotSeal, Seal, find_seal, seal_pdf
from people import audit

FIRST_WAIT = dt.timedelta(minutes=5)
LONGEST_WAIT = dt.timedelta(hours=6)


@transaction.atomic
def keep_document(*, revision: Revision, now: dt.datetime) -> Document:
    """Make the PDF, seal it and keep it with its link in the evidence, unless it is kept already.

    Sealed once: no two seals are the same bytes, so whoever comes second waits for the first and
    takes that one. It is the revision that is locked meanwhile, which nothing else changes once it
    is signed, so that the two go on talking while a time stamp is fetched. Raises CannotSeal when
    there is no certificate, or none that holds, and CannotBeSet when the document would lack a
    letter of what is signed; then the revision stays signed, to be sealed later.
    """
    Revision.objects.select_for_update(of=("self",), no_key=True).get(pk=revision.pk)
    kept = Document.objects.filter(revision=revision).first()
    if kept is not None:
        return kept
    seal = find_seal()
    if seal is None:
        raise CannotSeal("The portal has no certificate to seal with.")
    return _keep(revision, seal_pdf(render_document(revision, seal), seal, now=now), seal, now)


def _keep(revision: Revision, pdf: bytes, seal: Seal, now: dt.datetime) -> Document:
    document = Document.objects.create(
        revision=revision,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        certificate=seal.fingerprint,
        timestamped_by=urlsplit(seal.timestamp_url).hostname or "",
        created_at=now,
    )
    chain.record(EventKind.SEALED, document, agreement=revision.agreement, by=None, at=now)
    DocumentAttempt.objects.filter(revision=revision).delete()
    audit.record("commitments.keep_document", revision, by=None, sha256=document.sha256)
    return document


def sealed_at(revision: Revision) -> dt.datetime | None:
    """None while it is being sealed, or waits for a certificate."""
    return Document.objects.filter(revision=revision).values_list("created_at", flat=True).first()


def left_behind(now: dt.datetime, *, after: dt.timedelta, at_most: int) -> list[int]:
    """Revisions signed a while ago that the worker never sealed, in the order to try them."""
    due = Revision.objects.due_for_document(now=now, after=after)
    return list(due.values_list("pk", flat=True)[:at_most])


@transaction.atomic
def put_off(revision_pk: int, *, now: dt.datetime) -> None:
    """Note that the document could not be made, and try it again later each time."""
    attempt, _is_new = DocumentAttempt.objects.select_for_update().get_or_create(
        revision_id=revision_pk, defaults={"first_failed_at": now, "next_at": now}
    )
    wait = min(FIRST_WAIT * 2 ** min(attempt.tries, 10), LONGEST_WAIT)
    attempt.tries += 1
    attempt.next_at = now + wait
    attempt.save(update_fields=["tries", "next_at"])
