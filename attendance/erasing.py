"""Erasing who was in seminars, held in the portal and before it, when the archive plan says so."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from attendance.models import PastParticipation, PastSeminar
from people import audit
from people.models import Unit
from people.tree import ids_below
from seminars.retention.actions import erase_seminars


@transaction.atomic
def erase_participation(*, before: dt.date, unit: Unit, now: dt.datetime) -> dict[str, int]:
    """Erase people's part in seminars that ended before the day, arranged by the unit or below it.

    Answers with how many rows went of each. Raises TooEarlyToErase as `erase_seminars` does.
    """
    held = erase_seminars(before=before, unit=unit, now=now)
    erased = {f"Seminar {pk}": rows for pk, rows in held.items()}
    past = PastSeminar.objects.filter(
        last_day__lt=before, organiser_unit__in=ids_below([unit.pk])
    ).select_for_update(no_key=True)
    for seminar in past.order_by("pk"):
        rows, _by_model = PastParticipation.objects.filter(seminar=seminar).delete()
        if rows:
            audit.record("attendance.erase_past_participation", seminar, by=None, rows=rows)
            erased[f"Past seminar {seminar.pk}"] = rows
    return erased
