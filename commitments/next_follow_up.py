"""The day of the next conversation, which stands in one place at a time.

Until something is signed it is in the draft. From then on the planned conversation has it, and a
change that is being written names a day only to move it; see docs/agreements.md.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Agreement, Revision, RevisionState
from common import dates

PASSED = gettext_lazy("Velg en senere dag.")


def refuse_passed(day: dt.date, *, today: dt.date) -> None:
    """Refuse a day before today at its field: nobody plans backwards."""
    if day < today:
        raise ValidationError(PASSED)


def proposed_day(agreement: Agreement, today: dt.date) -> dt.date | None:
    """Return the day that a change names which is proposed or agreed to, if it is to come.

    What is proposed is frozen: another day is not settled on before it is answered.
    """
    frozen = Revision.objects.filter(
        agreement=agreement,
        state__in=[RevisionState.PROPOSED, RevisionState.AGREED],
        follow_up_on__gte=today,
    )
    return frozen.values_list("follow_up_on", flat=True).first()


def why_not_on(agreement: Agreement, day: dt.date, today: dt.date) -> str:
    """Say why the two cannot settle on the day; empty where they can."""
    proposed = proposed_day(agreement, today)
    if proposed is None or proposed == day:
        return ""
    words = _("Et forslag til endring flytter samtalen til %(day)s. Velg den, eller svar på det.")
    return words % {"day": dates.day_month(proposed)}


def let_go_of_drafted_day(agreement: Agreement, day: dt.date) -> None:
    """Take another day out of what is being drafted: the two have settled on this one."""
    drafts = Revision.objects.filter(agreement=agreement, state=RevisionState.DRAFT)
    other = drafts.exclude(follow_up_on=None).exclude(follow_up_on=day)
    other.update(follow_up_on=None, version=F("version") + 1)
