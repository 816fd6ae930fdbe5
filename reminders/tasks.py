"""What beat starts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reminders import actions


@shared_task(ignore_result=True)
def queue_due_reminders() -> None:
    actions.queue_due_reminders(now=timezone.now())
