"""The states of a person's part in a seminar, and what is written down with it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.sql import sql_list
from people.models import Unit


class RegistrationState(models.TextChoices):
    REGISTERED = "registered", _("Påmeldt")
    WAITLISTED = "waitlisted", _("På venteliste")
    OFFERED = "offered", _("Tilbud om plass")
    AWAITING = "awaiting", _("Venter på godkjenning")
    WITHDRAWN = "withdrawn", _("Avmeldt")
    REMOVED = "removed", _("Fjernet av arrangøren")
    EXPIRED = "expired", _("Tilbudet gikk ut")
    DECLINED = "declined", _("Ikke godkjent")
    UNSEATED = "unseated", _("Fikk ikke plass")


class AttendanceOutcome(models.TextChoices):
    """Whether a participant came. Not recorded is no outcome, and is not «no show»."""

    ATTENDED = "attended", _("Møtt")
    PARTLY = "partly", _("Delvis")
    NO_SHOW = "no_show", _("Ikke møtt")
    EXCUSED = "excused", _("Gyldig fravær")


CAME = (AttendanceOutcome.ATTENDED.value, AttendanceOutcome.PARTLY.value)
"""Who came to some of it has come."""
MARKED_IN_LIST = [one for one in AttendanceOutcome.choices if one[0] != AttendanceOutcome.PARTLY]
"""What the list of participants offers for a whole seminar; «partly» follows from its sessions."""
HELD_FOR_A_TIME = (RegistrationState.OFFERED.value, RegistrationState.AWAITING.value)
HOLDS_SEAT = (RegistrationState.REGISTERED.value, *HELD_FOR_A_TIME)
HOLDS_SEAT_SQL = sql_list(HOLDS_SEAT)
"""For `state IN …` in the triggers; what is not a trigger passes the states as a parameter."""
IN_QUEUE = (RegistrationState.WAITLISTED.value,)
IN_QUEUE_SQL = sql_list(IN_QUEUE)
IS_ACTIVE = HOLDS_SEAT + IN_QUEUE
IS_OVER = (
    RegistrationState.WITHDRAWN.value,
    RegistrationState.REMOVED.value,
    RegistrationState.EXPIRED.value,
    RegistrationState.DECLINED.value,
    RegistrationState.UNSEATED.value,
)


def new_calendar_uid() -> str:
    return str(uuid.uuid4())


class SnapshotOfWork(models.Model):
    """Where the person worked when the row was made: figures do not move with people."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("enhet"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        Unit, verbose_name=_("virksomhet"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    was_leader = models.BooleanField(default=False)

    class Meta:
        abstract = True
