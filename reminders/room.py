"""What reminders add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import Room, register
from reminders.sending_times import SENDING_TIMES

register(
    Room(
        app="reminders",
        sending_times=SENDING_TIMES,
        duties=(
            Duty(
                "queue-due-reminders",
                "reminders.tasks.queue_due_reminders",
                crontab(minute="*/5"),
            ),
        ),
        letters=_("Påminnelse"),
    )
)
