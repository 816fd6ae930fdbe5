"""What a pulse asks of one person: to answer, to settle, or to take the conversation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from common.small_groups import SMALL_GROUP
from missions.models import MissionVersion
from missions.responsibility import units_taken_over
from people.models import Leadership, Position, Unit, User
from pulse.models import REST, PulseInvitation, PulseResult, PulseRound

TIME_TO_READ = dt.timedelta(days=14)
"""Who has just got a mission is not asked whether they can say it."""

_GIVES_TASK = [PulseResult.HARDLY_ANY_YES, PulseResult.MERGED, PulseResult.FULL]


@dataclass(frozen=True)
class PulseSteps:
    """What waits for this person, each a round with its unit."""

    to_answer: list[PulseRound] = field(default_factory=list)
    to_settle: list[PulseRound] = field(default_factory=list)
    to_talk_about: list[PulseRound] = field(default_factory=list)


def rounds_waiting(user: User, today: dt.date) -> QuerySet[PulseRound]:
    """Return the rounds that this person is to answer, to settle or to talk about.

    Each has `waits`, for an answer, and `is_led`.
    """
    waiting = PulseInvitation.objects.visible_to(user, on=today).waiting(today)
    is_over = Q(closes_on__lt=today) | Q(unit__valid_to__lt=today)
    led = Q(unit_id__in=units_taken_over(user, today))
    return (
        PulseRound.objects.with_part_of(user)
        .annotate(
            waits=Exists(waiting.filter(round=OuterRef("pk"))),
            is_led=Case(When(led, then=True), default=False, output_field=BooleanField()),
        )
        .filter(
            Q(waits=True)
            | Q(is_over, is_led=True, settled_at__isnull=True)
            | Q(is_led=True, result__in=_GIVES_TASK, talked_on__isnull=True)
        )
    )


def pulse_steps(user: User, today: dt.date) -> PulseSteps:
    """Return what waits for this person, by one query."""
    rounds: list[Any] = list(rounds_waiting(user, today).select_related("unit"))
    return PulseSteps(
        to_answer=[one for one in rounds if one.waits],
        to_settle=[one for one in rounds if one.is_led and not one.is_settled and not one.waits],
        to_talk_about=[one for one in rounds if one.is_led and one.has_task and not one.took_part],
    )


def units_to_measure(user: User, today: dt.date) -> QuerySet[Unit]:
    """Those this person leads where a guess comes next: people have had time, and none is asked.

    The first of them has gone longest without. Where a small group works, nobody can be asked.
    """
    led = Leadership.objects.valid_on(today).filter(user=user).values("unit")
    held = MissionVersion.objects.published().filter(mission__unit=OuterRef("pk"))
    resting = PulseRound.objects.filter(
        Q(settled_at__isnull=True) | Q(closes_on__gt=today - REST), unit=OuterRef("pk")
    )
    works = Position.objects.valid_on(today).filter(unit=OuterRef("pk"), user__is_active=True)
    others = works.exclude(user=user).order_by().values("unit")
    counted = others.annotate(people=Count("user", distinct=True)).values("people")
    units: QuerySet[Unit] = (
        Unit.objects.valid_on(today)
        .filter(pk__in=led)
        .alias(
            newest=Subquery(held.values("published_at")[:1]),
            people=Subquery(counted),
            latest=Subquery(PulseRound.objects.filter(unit=OuterRef("pk")).values("closes_on")[:1]),
        )
        .filter(
            ~Exists(resting),
            newest__date__lte=today - TIME_TO_READ,
            people__gte=SMALL_GROUP,
        )
        .order_by(F("latest").asc(nulls_first=True), "sort_key")
    )
    return units
