"""What this room holds about one person, for their own export."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from certificates.models import Certificate, ReplacementReason, WithdrawalReason
from certificates.numbers import grouped
from common.own_data import Column, Section, labels, section
from people.models import User


def own_data(user: User, today: dt.date) -> list[Section]:
    return [
        section(
            "certificates",
            _("Kursbevis"),
            Certificate.objects.visible_to(user, on=today).newest_first(),
            Column("seminar__title", _("Seminar")),
            Column("number", _("Nummer"), grouped),
            Column("issued_at", _("Utstedt")),
            Column("badge_status__place", _("Plass i listen over digitale merker")),
            Column("snapshot", _("Det som står på det")),
            Column("replaced_at", _("Erstattet")),
            Column("replacement_reason", _("Hvorfor erstattet"), labels(ReplacementReason)),
            Column("withdrawn_at", _("Trukket tilbake")),
            Column("withdrawal_reason", _("Hvorfor trukket tilbake"), labels(WithdrawalReason)),
        )
    ]
