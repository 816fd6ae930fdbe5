"""Writing the reminders that are due, once each."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils import timezone

from common.working_time import is_working_time
from outbox.models import Letter, ReminderOptOut
from people.models import Position, RoleGrant, User
from reminders import letters
from reminders.due import due_reminders
from reminders.letters import Reminder

logger = logging.getLogger(__name__)

MOST_A_DAY = 4
"""Letters that the portal sends one person of its own accord, where some of them can wait."""
CAN_WAIT = frozenset(
    {
        "answer_missing",
        "attendance_missing",
        "decision_missing",
        "draft_left",
        "draft_unpublished",
        "lapses_soon",
        "mission_unread",
        "preparation_missing",
        "signature_missing",
        "signature_missing_for_leader",
        "talk_not_written",
    }
)
"""Due for several working days: on the next one they are as true."""


def queue_due_reminders(*, now: dt.datetime) -> int:
    """Write every reminder that is due and not written; answers with how many were tried.

    Each in a transaction of its own, under a key of its own: two beats or workers at once write
    each letter once, because the second meets the first's key. One that cannot be written is
    logged and keeps none of the others back. Nothing is written to those who have opted out, or
    who may no longer sign in. At times of rest nothing is. Beyond MOST_A_DAY to one person, what
    can wait is written on the next working day.
    """
    if not is_working_time(now):
        return 0
    missing = _not_written(due_reminders(now))
    willing = _willing({reminder.to.pk for reminder in missing}, timezone.localdate(now))
    wanted = [reminder for reminder in missing if reminder.to.pk in willing]
    wanted = list(_not_too_many(wanted, now))
    for reminder in wanted:
        try:
            letters.write(reminder)
        except Exception:
            logger.exception("The reminder %s could not be written.", reminder.key)
    return len(wanted)


def _not_too_many(wanted: list[Reminder], now: dt.datetime) -> Iterator[Reminder]:
    """Those that cannot wait, and of the others as many as each person has not had today."""
    people = {reminder.to.pk for reminder in wanted}
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Letter.objects.filter(is_reminder=True, queued_at__range=(midnight, now))
    had = today.filter(recipient__in=people)
    number = Counter(had.order_by().values_list("recipient", flat=True))
    for reminder in sorted(wanted, key=lambda one: one.letter in CAN_WAIT):
        if reminder.letter not in CAN_WAIT or number[reminder.to.pk] < MOST_A_DAY:
            number[reminder.to.pk] += 1
            yield reminder


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
