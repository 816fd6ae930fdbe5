"""What the portal does by itself with agreements; called by beat.

Apart from `tasks`, which the actions themselves hand work to.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from commitments import actions


@shared_task(ignore_result=True)
def part_those_who_moved() -> None:
    actions.part_those_who_moved(now=timezone.now())
