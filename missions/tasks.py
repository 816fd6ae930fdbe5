"""What beat starts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from missions.reorganisation.actions import hand_over_missions as hand_over


@shared_task(ignore_result=True)
def hand_over_missions() -> None:
    hand_over(now=timezone.now())
