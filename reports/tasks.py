"""What beat starts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reports import attendance_counting


@shared_task(ignore_result=True)
def count_attendance() -> None:
    attendance_counting.count_attendance(today=timezone.localdate())
