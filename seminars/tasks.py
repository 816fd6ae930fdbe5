"""What the portal does by itself with seminars; called by beat."""

from celery import shared_task
from django.utils import timezone

from seminars.approvals.actions import ask_new_leaders
from seminars.participants import departure_actions, seat_news_actions
from seminars.pools.actions import release_due_pools
from seminars.retention.actions import erase_answers, erase_needs
from seminars.seats import allocation
from seminars.waiting_list.last_word import end_waiting_lists


@shared_task(ignore_result=True)
def reconcile_waiting_lists() -> None:
    now = timezone.now()
    release_due_pools(now=now)
    allocation.reconcile_waiting_lists(now=now)
    end_waiting_lists(now=now)
    ask_new_leaders(now=now)


@shared_task(ignore_result=True)
def erase_personal_data() -> None:
    now = timezone.now()
    erase_needs(now=now)
    erase_answers(now=now)


@shared_task(ignore_result=True)
def tell_of_seats() -> None:
    seat_news_actions.tell_of_seats(now=timezone.now())


@shared_task(ignore_result=True)
def withdraw_departed() -> None:
    departure_actions.withdraw_departed(now=timezone.now())
