"""What reminders add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import Room, register

register(
    Room(
        app="reminders",
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
