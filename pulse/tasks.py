"""What beat starts."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from pulse import actions
from pulse.models import PulseRound

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def keep_pulses() -> None:
    """Settles the rounds that are over, and erases those a year old."""
    now = timezone.now()
    for due in PulseRound.objects.due(timezone.localdate(now)).select_related("unit"):
        try:
            actions.settle_pulse(pulse=due, by=None, now=now)
        except Exception:  # one that cannot be settled must not stand in the way of the rest
            logger.exception("Pulse round %s was not settled.", due.pk)
    actions.erase_expired_pulses(now=now)
