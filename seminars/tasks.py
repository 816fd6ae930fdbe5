"""What the portal does by itself with seminars; called by beat."""

from celery import shared_task
from django.utils import timezone

from seminars import actions


@shared_task(ignore_result=True)
def reconcile_waiting_lists() -> None:
    now = timezone.now()
    actions.release_due_pools(now=now)
    actions.reconcile_waiting_lists(now=now)
    actions.ask_new_leaders(now=now)


@shared_task(ignore_result=True)
def erase_personal_data() -> None:
    now = timezone.now()
    actions.erase_needs(now=now)
    actions.erase_answers(now=now)


@shared_task(ignore_result=True)
def withdraw_departed() -> None:
    actions.withdraw_departed(now=timezone.now())
