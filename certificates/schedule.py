"""What the portal does by itself with certificates; called by beat.

Apart from `tasks`, which the actions themselves hand work to.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from certificates.automatic import issue_due_certificates
from certificates.correcting import correct_certificates as correct


@shared_task(ignore_result=True)
def issue_certificates() -> None:
    issue_due_certificates(now=timezone.now())


@shared_task(ignore_result=True)
def correct_certificates() -> None:
    correct(now=timezone.now())
