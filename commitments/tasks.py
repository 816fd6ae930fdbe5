"""The worker's side: sealing what was signed, and sweeping up what was left."""

from __future__ import annotations

import datetime as dt
import functools
import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from commitments.evidence import sealing
from commitments.models import Revision
from evidence.seal import CannotSeal, find_seal

logger = logging.getLogger(__name__)

SWEEP_AFTER = dt.timedelta(minutes=2)
SWEEP_SIZE = 100


def make_document_soon(revision_pk: int) -> None:
    """Tell the worker once the transaction has committed; the sweep finds what a broker lost."""
    transaction.on_commit(functools.partial(_tell_worker, revision_pk), robust=True)


def _tell_worker(revision_pk: int) -> None:
    try:
        make_document.apply_async((revision_pk,), retry=False)
    except Exception:  # whatever ails the broker, the signatures are safe in their table
        logger.exception("The broker did not take revision %s; the sweep will.", revision_pk)


@shared_task(ignore_result=True)
def make_document(revision_pk: int) -> None:
    if find_seal() is not None:
        _make(revision_pk)


@shared_task(ignore_result=True)
def sweep_documents() -> None:
    """Seals them itself: what the broker lost once is not handed to it again."""
    if find_seal() is None:
        return
    for pk in sealing.left_behind(timezone.now(), after=SWEEP_AFTER, at_most=SWEEP_SIZE):
        try:
            _make(pk)
        except Exception:  # one that cannot be made must not stand in the way of the rest
            logger.exception("The document of revision %s was not sealed.", pk)


def _make(revision_pk: int) -> None:
    """Make and keep the document, or note when to try it again."""
    revision = Revision.objects.without_document().with_content().filter(pk=revision_pk).first()
    if revision is None:  # sealed by another, or erased since
        return
    try:
        sealing.keep_document(revision=revision, now=timezone.now())
    except CannotSeal:  # the seal's fault and not this document's: the next sweep tries again
        raise
    except Exception:
        sealing.put_off(revision_pk, now=timezone.now())
        raise
