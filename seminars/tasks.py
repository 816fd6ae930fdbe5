"""What the portal does by itself with seminars; called by beat."""

from celery import shared_task
from django.utils import timezone

from seminars import actions


@shared_task(ignore_result=True)
def reconcile_waiting_lists() -> None:
    actions.reconcile_waiting_lists(now=timezone.now())
