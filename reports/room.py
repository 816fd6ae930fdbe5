"""What figures add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import MenuEntry, Room, register
from people.models import Role
from reports.my_page import my_page

register(
    Room(
        app="reports",
        duties=(
            Duty(
                "count-attendance",
                "reports.tasks.count_attendance",
                crontab(hour="5", minute="10"),
            ),
        ),
        my_page=my_page,
        menu=(
            MenuEntry(
                text=_("Rapporter"),
                url_name="reports:participation",
                place=60,
                leads_somewhere=lambda affiliation: affiliation.has_any(Role.HR),
            ),
        ),
    )
)
