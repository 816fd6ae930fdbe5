"""Erasing what a seminar no longer needs, when the time promised has come."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common import dates
from common.dates import OSLO
from common.errors import Refused
from people import audit
from people.models import Unit
from people.tree import ids_below
from seminars.models import Answer, Audience, Needs, Seminar
from seminars.retention_periods import ANSWERS_ARE_KEPT, KEPT_AT_LEAST, NEEDS_ARE_KEPT


class TooEarlyToErase(Refused):
    """The day is so near that the seminars before it are still needed."""


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


def erase_seminars(*, before: dt.date, unit: Unit, now: dt.datetime) -> dict[int, int]:
    """Erase who was registered, invited and listed in seminars that ended before the day.

    Of those arranged by the unit or below it, as the archive plan of the agency says. What was
    decided of attendance by half-years stays; the seminars themselves do, and the trail. Returns
    how many rows went of each seminar. Raises TooEarlyToErase for a day that is less than a year
    ago: what came of a half-year is counted first, and letters are emptied.
    """
    today = timezone.localdate(now)
    if before > today - KEPT_AT_LEAST:
        raise TooEarlyToErase(
            _("Det må være minst ett år siden seminarene ble holdt: %(day)s er siste dag.")
            % {"day": dates.long_date(today - KEPT_AT_LEAST)}
        )
    ended = Seminar.objects.filter(
        ends_at__lt=dt.datetime.combine(before, dt.time.min, OSLO),
        organiser_unit__in=ids_below([unit.pk]),
    )
    erased = {
        pk: _erase_people(pk, now) for pk in ended.order_by("pk").values_list("pk", flat=True)
    }
    return {pk: rows for pk, rows in erased.items() if rows}


@transaction.atomic
def _erase_people(pk: int, now: dt.datetime) -> int:
    """Who came goes with the registration, and so do answers, needs and choices.

    Whom one asked about it is named no more, and neither is who helped with it.
    """
    seminar = Seminar.objects.select_for_update(no_key=True).get(pk=pk)
    helped = seminar.role_grants.order_by()
    helped.not_ended().update(ended_at=now)
    listed = Audience.people.through.objects.filter(audience__seminar=seminar)
    rows = 0
    for people in (seminar.registrations.all(), seminar.invitations.all(), helped, listed):
        number = people.count()
        people.delete()
        rows += number
    if seminar.contact_id is not None:
        seminar.contact, seminar.contact_phone = None, ""
        seminar.save(update_fields=["contact", "contact_phone"])
        rows += 1
    if rows:
        audit.record("seminars.erase_seminar", seminar, by=None, rows=rows)
    return rows
