"""What beat starts."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from missions.models import PulseRound
from missions.pulse import actions as pulse_actions
from missions.reorganisation.actions import hand_over_missions as hand_over

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def hand_over_missions() -> None:
    hand_over(now=timezone.now())


@shared_task(ignore_result=True)
def keep_pulses() -> None:
    """Settles the rounds that are over, and erases those a year old."""
    now = timezone.now()
    for due in PulseRound.objects.due(timezone.localdate(now)).select_related("unit"):
        try:
            pulse_actions.settle_pulse(pulse=due, by=None, now=now)
        except Exception:  # one that cannot be settled must not stand in the way of the rest
            logger.exception("Pulse round %s was not settled.", due.pk)
    pulse_actions.erase_expired_pulses(now=now)
