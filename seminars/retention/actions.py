"""Erasing what a seminar no longer needs, when the time promised has come."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from people import audit
from seminars.models import Answer, Needs, Seminar
from seminars.retention_periods import ANSWERS_ARE_KEPT, NEEDS_ARE_KEPT


@transaction.atomic
def erase_needs(*, now: dt.datetime) -> int:
    """Food and accessibility, some days after the end; at once for those who are not coming.

    One audit record a seminar, with the number alone. Returns how many rows went.
    """
    return _erase("seminars.erase_needs", Needs.objects.due_for_erasure(now - NEEDS_ARE_KEPT))


@transaction.atomic
def erase_answers(*, now: dt.datetime) -> int:
    """Answers to the organiser's questions, some months after the end. Audited as needs are."""
    return _erase("seminars.erase_answers", Answer.objects.kept_too_long(now - ANSWERS_ARE_KEPT))


def _erase(action: str, rows: QuerySet[Any]) -> int:
    found = list(rows.select_for_update(of=["self"]).values_list("pk", "registration__seminar"))
    erased = Counter(seminar for _pk, seminar in found)
    rows.model._default_manager.filter(pk__in=[pk for pk, _seminar in found]).delete()
    for seminar in Seminar.objects.filter(pk__in=erased):
        audit.record(action, seminar, by=None, rows=erased[seminar.pk])
    return len(found)
