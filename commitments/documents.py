"""Keeping the PDF of each signed revision: made by the worker, the sweep, or when asked for."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction

from commitments.models import Document, Revision
from commitments.pdf import render_document
from people import audit


@transaction.atomic
def keep_document(*, revision: Revision, now: dt.datetime) -> Document:
    """Make the PDF and keep it, unless it is kept already.

    Two who make it at once make the same bytes, so the second keeps the first's.
    """
    kept = Document.objects.filter(revision=revision).first()
    if kept is not None:
        return kept
    pdf = render_document(revision)
    document = Document(
        revision=revision, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), created_at=now
    )
    Document.objects.bulk_create([document], ignore_conflicts=True)
    audit.record("commitments.keep_document", revision, by=None, sha256=document.sha256)
    return Document.objects.get(revision=revision)


def left_behind(now: dt.datetime, *, after: dt.timedelta, at_most: int) -> list[int]:
    """Revisions signed a while ago whose document the worker never made."""
    waiting = Revision.objects.without_document().filter(signed_at__lt=now - after)
    return list(waiting.order_by("signed_at").values_list("pk", flat=True)[:at_most])
