"""The worker's side of the post: hand a letter over, deliver it, sweep up what was left."""

from __future__ import annotations

import functools
import logging
import time

from celery import Task, shared_task
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


@shared_task(ignore_result=True)
def deliver_letters(pks: list[int]) -> None:
    """One after the other; what a worker that dies has left, the sweep finds."""
    for pk in pks:
        delivery.deliver(pk, now=timezone.now())


def hand_over(letter: Letter) -> None:
    """Tell the worker about the letter when the transaction has committed, not before."""
    _tell_on_commit(deliver_letter, letter.pk)


def hand_over_many(pks: list[int]) -> None:
    """As `hand_over`, in one message: whoever pressed the button waits for no more than that."""
    if pks:
        _tell_on_commit(deliver_letters, pks)


def _tell_on_commit(task: Task, about: int | list[int]) -> None:
    transaction.on_commit(functools.partial(_tell_worker, task, about), robust=True)


def _tell_worker(task: Task, about: int | list[int]) -> None:
    global _broker_rests_until
    if time.monotonic() < _broker_rests_until:
        return
    try:
        task.apply_async((about,), retry=False)
    except Exception:  # whatever ails the broker, the letters are safe in their table
        _broker_rests_until = time.monotonic() + BROKER_REST_SECONDS
        logger.exception("The broker did not take %s; the sweep will send it.", about)
