"""What the pages of one seminar read, in questions that are built once.

They are asked by everybody on the morning a registration opens.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from common.prepared import Prepared, given_day, given_key
from people.models import User
from seminars.models import ProgrammeItem, Seminar, Session, Speaker

_SEMINAR: Prepared[Seminar] = Prepared(
    lambda: (
        Seminar.objects.visible_to(given_key("user"), on=given_day("on"))
        .filter(pk=given_key("pk"))
        .with_seat_counts()
        .with_parts()
        .with_roles_of(given_key("user"), on=given_day("on"))
        .with_clash_for(given_key("user"))
        .select_related("organiser_unit")
    )
)
_CONTENT: Prepared[Seminar] = Prepared(
    lambda: (
        Seminar.objects.filter(pk=given_key("seminar"))
        .only("pk")
        .annotate(
            items=_rows_of(ProgrammeItem, "id", "starts_at", "title", "description"),
            people=_rows_of(Speaker, "id", "name", "title", "biography"),
        )
    )
)


def _rows_of(model: Any, *names: str) -> ArraySubquery:
    rows = model.objects.filter(seminar=OuterRef("pk"))
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names})))


def seminar_for(user: User, pk: int, now: dt.datetime) -> Seminar:
    """As `get_object_or_404` finds it among those visible to her, with its counts, its parts,
    her roles there, and whether she has a seat elsewhere meanwhile."""
    seminar = _SEMINAR.first(user=user.pk, pk=pk, on=timezone.localdate(now))
    if seminar is None:
        raise Http404
    return seminar


@dataclass(frozen=True, slots=True)
class SeminarProgramme:
    """What a seminar holds, in order."""

    sessions: list[Session]
    programme: list[ProgrammeItem]
    speakers: list[Speaker]


def programme_of(seminar: Seminar) -> SeminarProgramme:
    """Of a seminar from `seminar_for`, which knows what there is to ask for.

    Its audiences are at hand afterwards.
    """
    if seminar.has_audiences:
        prefetch_related_objects([seminar], "audiences__agencies")
    has_more = seminar.has_programme or seminar.has_speakers
    more: Any = _CONTENT.first(seminar=seminar.pk) if has_more else None
    return SeminarProgramme(
        sessions=seminar.sessions_in_order(),
        programme=[_programme_item(row) for row in more.items] if more else [],
        speakers=[Speaker(**row) for row in more.people] if more else [],
    )


def _programme_item(row: dict[str, Any]) -> ProgrammeItem:
    return ProgrammeItem(**row | {"starts_at": dt.datetime.fromisoformat(row["starts_at"])})
