"""What waits for an organiser, as «Min side» tells it: attendance, waiting lists and drafts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Abs, Extract, RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import number
from people.models import User
from seminars.models import IN_QUEUE, RegistrationState, Seminar, SeminarState
from seminars.models.seat_counts import registrations_in

SHOWN = 3
"""Of each kind of work, those nearest in time."""
ATTENDANCE_IS_LATE = dt.timedelta(days=182)
"""After half a year nobody remembers who came, and no figure waits for it."""
_TO_RECORD, _TO_SEAT, _TO_PUBLISH = range(3)


@dataclass(frozen=True)
class DeskRow:
    """A seminar, what waits there in words, and where it is done."""

    seminar: Seminar
    words: str
    skin: str
    url: str


def desk_work(user: User, today: dt.date, now: dt.datetime) -> list[DeskRow]:
    """Return what waits for the organiser: attendance, then waiting lists, then drafts; one query.

    All organisers see the same of a seminar, whoever of them made it.
    """
    return [_row(one) for one in _waiting(user, today, now)]


def _waiting(user: User, today: dt.date, now: dt.datetime) -> QuerySet[Any]:
    is_over = Q(state=SeminarState.PUBLISHED, ends_at__range=(now - ATTENDANCE_IS_LATE, now))
    is_open = Q(pk__in=Seminar.objects.published().taking_newcomers(now).values("pk"))
    is_draft = Q(state=SeminarState.DRAFT)
    unrecorded = registrations_in((RegistrationState.REGISTERED,), outcome="")
    work = Case(
        When(is_draft, then=Value(_TO_PUBLISH)),
        When(is_over, then=Value(_TO_RECORD)),
        default=Value(_TO_SEAT),
        output_field=IntegerField(),
    )
    count = Case(
        When(is_draft, then=Value(1)),
        When(is_over, then=unrecorded),
        default=registrations_in(IN_QUEUE),
        output_field=IntegerField(),
    )
    distance = Abs(Extract("starts_at", "epoch") - now.timestamp())
    nearest = Window(RowNumber(), partition_by=["work"], order_by=[distance, "pk"])
    waiting: QuerySet[Any] = (
        Seminar.objects.organised_by(user, on=today)
        .filter(is_over | is_open | is_draft)
        .annotate(work=work, work_count=count)
        .filter(work_count__gt=0)
        .annotate(work_place=nearest)
        .filter(work_place__lte=SHOWN)
        .only("title", "starts_at", "ends_at")
        .order_by("work", "work_place")
    )
    return waiting


def _row(seminar: Any) -> DeskRow:
    count = seminar.work_count
    if seminar.work == _TO_RECORD:
        words = ngettext(
            "Oppmøtet er ikke ført for %(count)s", "Oppmøtet er ikke ført for %(count)s", count
        )
        page, skin = "participants", "yellow"
    elif seminar.work == _TO_SEAT:
        words = ngettext("%(count)s på venteliste", "%(count)s på venteliste", count)
        page, skin = "queue", "blue-light"
    else:
        words, page, skin = _("Utkast"), "detail", "beige"
    url = reverse(f"seminars:{page}", args=[seminar.pk])
    return DeskRow(seminar, words % {"count": number(count)}, skin, url)
