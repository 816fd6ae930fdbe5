"""What the portal does by itself with agreements; called by beat.

Apart from `tasks`, which the actions themselves hand work to.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from commitments.lapsing.actions import lapse_what_has_stopped
from commitments.leader_changes.actions import part_those_who_moved
from commitments.mergers.actions import merge_agreements_of_pairs
from commitments.pausing.actions import resume_those_due
from commitments.retention import actions as retention_actions


@shared_task(ignore_result=True)
def keep_agreements() -> None:
    now = timezone.now()
    part_those_who_moved(now=now)
    merge_agreements_of_pairs(now=now)
    resume_those_due(now=now)
    lapse_what_has_stopped(now=now)


@shared_task(ignore_result=True)
def erase_agreements() -> None:
    now = timezone.now()
    retention_actions.end_what_was_left(now=now)
    retention_actions.erase_agreements(now=now)
