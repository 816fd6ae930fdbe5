"""Food and accessibility. Nothing here is audited person by person: the trail outlives the need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from people.models import User
from seminars.models import Needs, Registration, Seminar
from seminars.refusals import NotChangeable


@transaction.atomic
def write_needs(
    *,
    registration: Registration,
    diet: Sequence[str],
    access: Sequence[str],
    details: str,
    by: User,
    now: dt.datetime,
    seen: Seen | None = None,
) -> None:
    """Write down what the person asks for in their own words; nothing said takes the row away.

    No audit record and no letter, so that nothing about it is left anywhere when the row is gone.
    Raises NotChangeable for anybody else's registration, one that is over, or after the last
    gathering began, and EditConflict when other needs are stored than were `seen`.
    """
    of_by = Registration.objects.filter(user=by, seminar=registration.seminar_id)
    locked = of_by.select_for_update(of=("self",), no_key=True).select_related("seminar")
    own = locked.filter(pk=registration.pk).first()
    if own is None or not own.is_active:
        raise NotChangeable(_("Påmeldingen er allerede avsluttet."))
    registration = own
    if not needs_may_change(registration.seminar, now):
        raise NotChangeable(_("Seminaret har startet eller er avlyst."))
    if seen is not None:
        typed = {"diet": diet, "access": access, "details": details}
        seen.refuse_conflict(needs_stored(registration), typed)
    if not (diet or access or details):
        Needs.objects.filter(registration=registration).delete()
        return
    Needs.objects.update_or_create(
        registration=registration,
        defaults={
            "diet": list(diet),
            "access": list(access),
            "details": details,
            "written_at": now,
        },
    )


def needs_may_change(seminar: Seminar, now: dt.datetime) -> bool:
    """There is a gathering to come that food is ordered for."""
    return not seminar.is_cancelled and seminar.has_gathering_to_come(now)


def needs_stored(registration: Registration) -> dict[str, Any]:
    """What is written down now, by the names of the form's fields."""
    row = Needs.objects.filter(registration=registration).values("diet", "access", "details")
    return dict(row.first() or {"diet": [], "access": [], "details": ""})
