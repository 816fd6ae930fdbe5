"""A seminar made anew from one that was held before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from common.clock import at_clock
from common.dates import local
from people import audit
from people.models import User
from seminars.models import ChoiceGroup, Question, Seminar, SeminarState

OF_ITS_OWN = frozenset(
    {"id", "state", "created_by_id", "created_at", "published_at", "released_at"}
    | {"cancelled_at", "cancel_reason", "search", "search_text"}
)
"""What a copy does not take over from what it is a copy of."""
ORDERED = (("starts_at", "ends_at"), ("registration_opens_at", "registration_closes_at"))
NOT_BEFORE = (("registration_closes_at", "promotion_ends_at"),)


@transaction.atomic
def copy_seminar(*, seminar: Seminar, starts_on: dt.date, by: User, now: dt.datetime) -> Seminar:
    """Make a draft that starts on another day, everything else as many days later.

    Clocks stay as they were, also past a change to summer time; a time that the new day does not
    have becomes the next that it has (`moved_by_clocks` tells). Sessions and the
    choices between them, programme, speakers, questions, agencies' pools and audiences come along;
    people do not: no registrations, invitations or answers, and a list of persons comes along
    empty.
    """
    shift = starts_on - timezone.localdate(seminar.starts_at)
    copy: Seminar = _copied(seminar, shift, created_by=by, created_at=now, state=SeminarState.DRAFT)
    _copy_sessions(seminar, copy, shift)
    for rows in (seminar.programme, seminar.speakers, seminar.seat_pools):
        for row in rows.all():
            _copied(row, shift, seminar=copy)
    for audience in seminar.audiences.all():
        _copied(audience, shift, seminar=copy).agencies.set(audience.agencies.all())
    _copy_questions(seminar, copy, shift)
    audit.record("seminars.copy", copy, by=by, copied_from=seminar.pk)
    copy.refresh_from_db(fields=["starts_at", "ends_at", "last_gathering_at", "has_choices"])
    return copy


def _copy_sessions(seminar: Seminar, copy: Seminar, shift: dt.timedelta) -> None:
    """Each beside those it was beside, and not beside the old ones."""
    made: dict[int | None, ChoiceGroup | None] = {None: None}
    for group in seminar.choice_groups.all():
        made[group.pk] = _copied(group, shift, seminar=copy)
    for session in seminar.sessions.all():
        _copied(session, shift, seminar=copy, choice_group=made[session.choice_group_id])


def _copy_questions(seminar: Seminar, copy: Seminar, shift: dt.timedelta) -> None:
    made: dict[int | None, Question | None] = {None: None}
    for question in seminar.questions.all():
        shown_if = made[question.shown_if_id]
        made[question.pk] = _copied(question, shift, seminar=copy, shown_if=shown_if)


def _copied(row: models.Model, shift: dt.timedelta, **fresh: Any) -> Any:
    values = {
        field.attname: _later(getattr(row, field.attname), shift)
        for field in row._meta.concrete_fields
        if field.attname not in OF_ITS_OWN and field.name not in fresh
    }
    _keep_order(row, values)
    return type(row)._default_manager.create(**values, **fresh)


def _later(value: Any, shift: dt.timedelta) -> Any:
    """A moment so many days later by the clock on the wall; anything else as it is."""
    if not isinstance(value, dt.datetime):
        return value
    return at_clock(local(value).replace(tzinfo=None) + shift)


def _keep_order(row: models.Model, values: dict[str, Any]) -> None:
    """What a change of clocks has turned round or made nothing of lasts as long as it did."""
    for start, end in ORDERED:
        if start in values and end in values and values[end] <= values[start]:
            values[end] = values[start] + (getattr(row, end) - getattr(row, start))
    for start, end in NOT_BEFORE:
        if values.get(end) is not None:
            values[end] = max(values[start], values[end])


def moved_by_clocks(seminar: Seminar, copy: Seminar) -> bool:
    """Whether a session of the copy is at another time of day than it was in the original."""
    return _clocks_of(seminar) != _clocks_of(copy)


def _clocks_of(seminar: Seminar) -> list[tuple[dt.time, dt.time]]:
    times = seminar.sessions.values_list("starts_at", "ends_at")
    return sorted((local(start).time(), local(end).time()) for start, end in times)
