"""Resting an agreement while one of the two is away. Why is not asked: it might be about health."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.follow_up.actions import take_out_of_calendars
from commitments.locking import AgreementRefused, lock_agreement, lock_open_agreement
from commitments.models import Agreement
from people import audit
from people.models import User

BREATHING_SPACE = dt.timedelta(days=14)
"""A conversation whose day passed meanwhile gets a new day so long after the pause."""
SPACE_TO_ANSWER = dt.timedelta(days=28)
"""What waits for an answer waits so long after the pause at least."""


@transaction.atomic
def pause_agreement(
    *, agreement: Agreement, resumes_on: dt.date | None, by: User, now: dt.datetime
) -> Agreement:
    """Let it rest: nothing in it is due, and nobody is reminded, until one of the two resumes it.

    A conversation with a time leaves both calendars, and the other gets a letter. With a day
    it resumes by itself. Raises AgreementRefused when it is paused, or the day has passed.
    """
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    if locked.paused_at is not None:
        raise AgreementRefused(_("Avtalen er allerede på pause."))
    if resumes_on is not None and resumes_on <= timezone.localdate(now):
        raise AgreementRefused(_("Velg en senere dag."))
    take_out_of_calendars(locked, why=letters.TakenOut.PAUSED, now=now)
    Agreement.objects.filter(pk=locked.pk).update(
        paused_at=now, paused_by=by, resumes_on=resumes_on
    )
    audit.record("commitments.pause_agreement", locked, by=by)
    letters.write_paused(locked, resumes_on=resumes_on, by=by, now=now)
    return Agreement.objects.get(pk=locked.pk)


@transaction.atomic
def resume_agreement(*, agreement: Agreement, by: User, now: dt.datetime) -> Agreement:
    """Go on where the two were; the other gets a letter. Raises AgreementRefused if not paused."""
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    if locked.paused_at is None:
        raise AgreementRefused(_("Avtalen er ikke på pause."))
    letters.write_resumed(locked, to=locked.counterpart_of(by), by=by)
    return _resume(locked, by=by, now=now)


def resume_those_due(*, now: dt.datetime) -> int:
    """Resume each agreement whose pause was to end by today; both of each get a letter."""
    today = timezone.localdate(now)
    due = Agreement.objects.open().filter(paused_at__isnull=False, resumes_on__lte=today)
    resumed = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = lock_agreement(pk)
            if locked.resumes_on is not None and locked.resumes_on <= today:
                for to in (locked.leader, locked.employee):
                    letters.write_resumed(
                        locked, to=to, by=locked.counterpart_of(to), is_by_itself=True
                    )
                _resume(locked, by=None, now=now)
                resumed += 1
    return resumed


def _resume(locked: Agreement, *, by: User | None, now: dt.datetime) -> Agreement:
    today = timezone.localdate(now)
    locked.revisions.open().filter(lapses_on__lt=today + SPACE_TO_ANSWER).update(
        lapses_on=today + SPACE_TO_ANSWER
    )
    locked.follow_ups.outstanding().filter(due_on__lt=today).update(due_on=today + BREATHING_SPACE)
    Agreement.objects.filter(pk=locked.pk).update(paused_at=None, paused_by=None, resumes_on=None)
    audit.record("commitments.resume_agreement", locked, by=by)
    return Agreement.objects.get(pk=locked.pk)
