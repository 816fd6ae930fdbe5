"""Writing the reminders that are due, once each."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.utils import timezone

from common.working_time import is_working_time
from outbox.models import ReminderOptOut
from people.models import Position, RoleGrant, User
from reminders import letters
from reminders.due import due_reminders
from reminders.letters import Reminder

logger = logging.getLogger(__name__)


def queue_due_reminders(*, now: dt.datetime) -> int:
    """Write every reminder that is due and not written; answers with how many were tried.

    Each in a transaction of its own, under a key of its own: two beats or workers at once write
    each letter once, because the second meets the first's key. One that cannot be written is
    logged and keeps none of the others back. Nothing is written to those who have opted out, or
    who may no longer sign in. At times of rest nothing is.
    """
    if not is_working_time(now):
        return 0
    missing = _not_written(due_reminders(now))
    willing = _willing({reminder.to.pk for reminder in missing}, timezone.localdate(now))
    wanted = [reminder for reminder in missing if reminder.to.pk in willing]
    for reminder in wanted:
        try:
            letters.write(reminder)
        except Exception:
            logger.exception("The reminder %s could not be written.", reminder.key)
    return len(wanted)


def _not_written(due: list[Reminder]) -> list[Reminder]:
    keys = letters.unwritten(reminder.key for reminder in due)
    return [reminder for reminder in due if reminder.key in keys]


def _willing(people: Iterable[int], today: dt.date) -> set[int]:
    at_work = Position.objects.valid_on(today).values("user")
    in_role = RoleGrant.objects.valid_on(today).values("user")
    reachable = User.objects.filter(pk__in=people, is_active=True).exclude(
        pk__in=ReminderOptOut.objects.values("user")
    )
    return set(
        (reachable.filter(pk__in=at_work) | reachable.filter(pk__in=in_role)).values_list(
            "pk", flat=True
        )
    )
