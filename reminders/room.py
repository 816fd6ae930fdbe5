"""What reminders add to the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.rooms import Room, register

register(
    Room(
        app="reminders",
        letters=_("Påminnelse"),
    )
)
