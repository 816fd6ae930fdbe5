"""What beat starts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reports import actions


@shared_task(ignore_result=True)
def count_attendance() -> None:
    actions.count_attendance(today=timezone.localdate())
