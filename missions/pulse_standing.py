"""What a pulse asks of one person: to answer, to settle, or to take the conversation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from missions.models.pulse import PulseInvitation, PulseResult, PulseRound
from missions.responsibility import units_answered_for
from people.models import User

_GIVES_TASK = [PulseResult.HARDLY_ANY_YES, PulseResult.MERGED, PulseResult.FULL]


@dataclass(frozen=True)
class PulseSteps:
    """What waits for this person, each a round with its unit."""

    to_answer: list[PulseRound]
    to_settle: list[PulseRound]
    to_talk_about: list[PulseRound]


def pulse_steps(user: User, today: dt.date) -> PulseSteps:
    """One query, whatever waits."""
    waiting = PulseInvitation.objects.visible_to(user).waiting(today)
    led = Q(unit_id__in=units_answered_for(user, today))
    rounds: list[Any] = list(
        PulseRound.objects.annotate(
            waits=Exists(waiting.filter(round=OuterRef("pk"))),
            is_led=Case(When(led, then=True), default=False, output_field=BooleanField()),
        )
        .filter(
            Q(waits=True)
            | Q(is_led=True, settled_at__isnull=True, closes_on__lt=today)
            | Q(is_led=True, result__in=_GIVES_TASK, talked_on__isnull=True)
        )
        .select_related("unit")
    )
    return PulseSteps(
        to_answer=[one for one in rounds if one.waits],
        to_settle=[one for one in rounds if one.is_led and not one.is_settled and not one.waits],
        to_talk_about=[one for one in rounds if one.is_led and one.has_task],
    )
