"""What the pages of one seminar read, in questions that are built once.

They are asked by everybody on the morning a registration opens.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
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
        .with_clash_for(given_key("user"))
        .select_related("organiser_unit")
    )
)
_PROGRAMME: Prepared[ProgrammeItem] = Prepared(
    lambda: ProgrammeItem.objects.filter(seminar=given_key("seminar"))
)
_SPEAKERS: Prepared[Speaker] = Prepared(
    lambda: Speaker.objects.filter(seminar=given_key("seminar"))
)


def seminar_for(user: User, pk: int, now: dt.datetime) -> Seminar:
    """As `get_object_or_404` finds it among those visible to her, with its counts, its parts,
    and whether she has a seat elsewhere meanwhile."""
    seminar = _SEMINAR.first(user=user.pk, pk=pk, on=timezone.localdate(now))
    if seminar is None:
        raise Http404
    return seminar


@dataclass(frozen=True, slots=True)
class Content:
    """What a seminar holds, in order."""

    sessions: list[Session]
    programme: list[ProgrammeItem]
    speakers: list[Speaker]


def content_of(seminar: Seminar) -> Content:
    """Of a seminar from `seminar_for`, which knows what there is to ask for.

    Its audiences are at hand afterwards.
    """
    if seminar.has_audiences:
        prefetch_related_objects([seminar], "audiences__agencies")
    return Content(
        sessions=seminar.sessions_in_order(),
        programme=_PROGRAMME.all(seminar=seminar.pk) if seminar.has_programme else [],
        speakers=_SPEAKERS.all(seminar=seminar.pk) if seminar.has_speakers else [],
    )
