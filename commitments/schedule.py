"""What the portal does by itself with agreements; called by beat.

Apart from `tasks`, which the actions themselves hand work to.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from commitments import actions


@shared_task(ignore_result=True)
def keep_agreements() -> None:
    now = timezone.now()
    actions.part_those_who_moved(now=now)
    actions.resume_those_due(now=now)


@shared_task(ignore_result=True)
def erase_agreements() -> None:
    now = timezone.now()
    actions.end_what_was_left(now=now)
    actions.erase_agreements(now=now)
