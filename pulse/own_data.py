"""What this room holds about one person, for their own export."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.own_data import Column, Section, section
from people.models import User
from pulse.models import PulseInvitation


def own_data(user: User, today: dt.date) -> list[Section]:
    # Nothing of the round's result, and no time of anything they did: that could be put together.
    return [
        section(
            "pulse_invitations",
            _("Pulsmålinger du er spurt i"),
            PulseInvitation.objects.visible_to(user, on=today),
            Column("round__unit__name", _("Enhet")),
            Column("round__opens_on", _("Åpner")),
            Column("round__closes_on", _("Siste dag")),
            Column("has_answered", _("Har svart")),
        )
    ]
