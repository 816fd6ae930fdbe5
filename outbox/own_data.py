"""What this room holds about one person, for that person's export."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.own_data import Column, Section, labels, section
from outbox.models import Letter, LetterState, ReminderOptOut
from people.models import User


def own_data(user: User, today: dt.date) -> list[Section]:
    return [
        section(
            "letters",
            _("Brev til deg"),
            Letter.objects.visible_to(user, on=today),
            Column("subject", _("Emne")),
            Column("to_email", _("Sendt til")),
            Column("queued_at", _("Skrevet")),
            Column("sent_at", _("Sendt")),
            Column("state", _("Tilstand"), labels(LetterState)),
        ),
        section(
            "reminders_off",
            _("Påminnelser du har slått av"),
            ReminderOptOut.objects.visible_to(user, on=today),
            Column("opted_out_at", _("Når")),
        ),
    ]
