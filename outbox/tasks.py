"""The worker's side of the post: hand a letter over, deliver it, sweep up what was left."""

from __future__ import annotations

import functools
import logging
import time

from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone

from common.batches import batches
from outbox import delivery, emptying
from outbox.mail_server import Line
from outbox.models import QUEUES, Letter

logger = logging.getLogger(__name__)

BROKER_REST_SECONDS = 10
"""How long nothing is handed over after the broker did not answer.

Cancelling a seminar queues some hundred letters in one transaction; each would otherwise wait for
the same dead broker while the person who cancelled looks at the page. The sweep sends them.
"""

AT_A_TIME = 100
"""Letters in one message: another worker takes the next hundred, and what is more urgent gets its
turn between two messages."""

_broker_rests_until = 0.0


@shared_task(ignore_result=True)
def deliver_letter(pk: int) -> None:
    delivery.deliver(pk, now=timezone.now())


@shared_task(ignore_result=True)
def sweep_letters() -> None:
    for urgency, pks in delivery.sweep(now=timezone.now()).items():
        for some in batches(pks, AT_A_TIME):
            deliver_letters.apply_async((some,), queue=QUEUES[urgency])


@shared_task(ignore_result=True)
def empty_old_letters() -> None:
    emptying.empty_old_letters(now=timezone.now())


@shared_task(ignore_result=True)
def deliver_letters(pks: list[int]) -> None:
    """One after the other, over one connection; what a worker that dies leaves, the sweep finds."""
    with Line() as line:
        for pk in pks:
            delivery.deliver_over(line, pk, now=timezone.now())


def hand_over(letter: Letter) -> None:
    """Tell the worker about the letter when the transaction has committed, not before."""
    _tell_on_commit(deliver_letter, letter.pk, letter.queue)


def hand_over_many(pks: list[int], *, queue: str) -> None:
    """As `hand_over`, in few messages: whoever pressed the button waits for no more than that."""
    for some in batches(pks, AT_A_TIME):
        _tell_on_commit(deliver_letters, some, queue)


def _tell_on_commit(task: Task, about: int | list[int], queue: str) -> None:
    transaction.on_commit(functools.partial(_tell_worker, task, about, queue), robust=True)


def _tell_worker(task: Task, about: int | list[int], queue: str) -> None:
    global _broker_rests_until
    if time.monotonic() < _broker_rests_until:
        return
    try:
        task.apply_async((about,), queue=queue, retry=False)
    except Exception:  # whatever ails the broker, the letters are safe in their table
        _broker_rests_until = time.monotonic() + BROKER_REST_SECONDS
        logger.exception("The broker did not take %s; the sweep will send it.", about)
