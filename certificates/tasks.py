"""The worker's side: sealing what was issued, sweeping up what was left, and the daily issue."""

from __future__ import annotations

import datetime as dt
import functools
import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from certificates import sealing
from certificates.models import Certificate
from common.batches import batches
from evidence.seal import CannotSeal, find_seal

logger = logging.getLogger(__name__)

SWEEP_AFTER = dt.timedelta(minutes=2)
SWEEP_SIZE = 200
AT_A_TIME = 20
"""Certificates in one message: another worker takes the next, and letters get their turn."""


def make_documents_soon(pks: list[int]) -> None:
    """Tell the worker once the transaction has committed; the sweep finds what a broker lost."""
    transaction.on_commit(functools.partial(_tell_worker, pks), robust=True)


def _tell_worker(pks: list[int]) -> None:
    try:
        for some in batches(pks, AT_A_TIME):
            make_documents.apply_async((some,), retry=False)
    except Exception:  # whatever ails the broker, the certificates are safe in their table
        logger.exception("The broker did not take %s certificates; the sweep will.", len(pks))


@shared_task(ignore_result=True)
def make_documents(pks: list[int]) -> None:
    if find_seal() is None:
        return
    for pk in pks:
        _make(pk)


@shared_task(ignore_result=True)
def sweep_documents() -> None:
    """Seals them itself: what the broker lost once is not handed to it again."""
    if find_seal() is None:
        return
    for pk in sealing.left_behind(timezone.now(), after=SWEEP_AFTER, at_most=SWEEP_SIZE):
        _make(pk)


def _make(pk: int) -> None:
    """Make and keep the document, or note when to try it again; one stands in no other's way."""
    certificate = Certificate.objects.without_document().filter(pk=pk).first()
    if certificate is None:  # sealed by another, withdrawn or erased since
        return
    try:
        sealing.keep_document(certificate=certificate, now=timezone.now())
    except CannotSeal:  # the seal's fault and not this document's: the next sweep tries again
        logger.exception("The document of certificate %s was not sealed.", pk)
    except Exception:
        sealing.put_off(pk, now=timezone.now())
        logger.exception("The document of certificate %s was not made.", pk)
