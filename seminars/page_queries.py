"""What the pages of one seminar read, in questions that are built once.

They are asked by everybody on the morning a registration opens.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, prefetch_related_objects
from django.http import Http404
from django.utils import timezone

from common.compiled import CompiledQuery, given_day, given_key
from people.models import User
from seminars.models import Seminar, Session, Speaker
from seminars.programme_times import TimedItem, with_ends

_SEMINAR: CompiledQuery[Seminar] = CompiledQuery(
    lambda: (
        Seminar.objects.visible_to(given_key("user"), on=given_day("on"))
        .filter(pk=given_key("pk"))
        .with_seat_counts()
        .with_parts()
        .with_roles_of(given_key("user"), on=given_day("on"))
        .with_clash_for(given_key("user"))
        .with_contact()
        .annotate(organiser_name=F("organiser_unit__name"))
    )
)


def seminar_for(user: User, pk: int, now: dt.datetime) -> Seminar:
    """As `get_object_or_404` finds it among those visible to `user`, with its counts, its parts,
    the person's roles there, and whether they have a seat elsewhere meanwhile."""
    seminar = _SEMINAR.first(user=user.pk, pk=pk, on=timezone.localdate(now))
    if seminar is None:
        raise Http404
    return seminar


@dataclass(frozen=True, slots=True)
class SeminarProgramme:
    """What a seminar holds, in order."""

    sessions: list[Session]
    programme: list[TimedItem]
    speakers: list[Speaker]


def programme_of(seminar: Seminar) -> SeminarProgramme:
    """Of a seminar from `seminar_for`, which knows what there is to ask for.

    Its audiences are at hand afterwards.
    """
    if seminar.has_audiences:
        prefetch_related_objects([seminar], "audiences__agencies")
    sessions = seminar.sessions_in_order()
    return SeminarProgramme(
        sessions=sessions,
        programme=with_ends(seminar.programme.all(), sessions) if seminar.has_programme else [],
        speakers=list(seminar.speakers.all()) if seminar.has_speakers else [],
    )
