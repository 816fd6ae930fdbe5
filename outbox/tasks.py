"""The worker's side of the post: hand a letter over, deliver it, sweep up what was left."""

from __future__ import annotations

import functools
import logging
import time

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from outbox import delivery, emptying
from outbox.models import Letter

logger = logging.getLogger(__name__)

BROKER_REST_SECONDS = 10
"""How long nothing is handed over after the broker did not answer.

Cancelling a seminar queues some hundred letters in one transaction; each would otherwise wait for
the same dead broker while the person who cancelled looks at the page. The sweep sends them.
"""

_broker_rests_until = 0.0


@shared_task(ignore_result=True)
def deliver_letter(pk: int) -> None:
    delivery.deliver(pk, now=timezone.now())


@shared_task(ignore_result=True)
def sweep_letters() -> None:
    for pk in delivery.sweep(now=timezone.now()):
        deliver_letter.delay(pk)


@shared_task(ignore_result=True)
def empty_old_letters() -> None:
    emptying.empty_old_letters(now=timezone.now())


def hand_over(letter: Letter) -> None:
    """Tell the worker about the letter when the transaction has committed, not before."""
    transaction.on_commit(functools.partial(_tell_worker, letter.pk), robust=True)


def _tell_worker(pk: int) -> None:
    global _broker_rests_until
    if time.monotonic() < _broker_rests_until:
        return
    try:
        deliver_letter.apply_async((pk,), retry=False)
    except Exception:  # whatever ails the broker, the letter is safe in its table
        _broker_rests_until = time.monotonic() + BROKER_REST_SECONDS
        logger.exception("The broker did not take letter %s; the sweep will send it.", pk)
