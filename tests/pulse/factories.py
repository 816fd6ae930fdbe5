"""Pulse rounds without surprises: opened by the unit's leader, for as many colleagues as asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from missions.models import MissionVersion
from people.models import Unit, User
from pulse.actions import Guess, answer_pulse, open_pulse, settle_pulse
from pulse.models import PulseAnswer, PulseInvitation, PulseRound, Unsure
from pulse.rules import invited_to
from tests.cast import Cast
from tests.factories import make_employee
from tests.missions.factories import make_mission

MISSION = frozenset({Unsure.MISSION})
DAY = dt.timedelta(days=1)
SAID = {"ja": PulseAnswer.YES, "nja": PulseAnswer.PARTLY, "nei": PulseAnswer.NO}


def make_colleagues(unit: Unit, count: int) -> list[User]:
    """So many more who work in the unit."""
    return [make_employee(unit, f"Kollega {number:02}") for number in range(count)]


def make_pulse(
    cast: Cast, *, colleagues: int = 7, now: dt.datetime | None = None, unit: Unit | None = None
) -> PulseRound:
    """An open round; in the cast's unit its employee is asked too."""
    now = now or timezone.now()
    unit = unit or cast.unit
    if MissionVersion.objects.current_for(unit) is None:
        make_mission(unit, by=cast.leader)
    make_colleagues(unit, colleagues)
    return open_again(cast, unit, now=now)


def open_again(cast: Cast, unit: Unit, *, now: dt.datetime) -> PulseRound:
    """A round with whoever works in the unit, the guess being that all say «ja»."""
    today = timezone.localdate(now)
    return open_pulse(
        unit=unit,
        guess=Guess(invited_to(unit, cast.leader, today).count(), 0, 0),
        opens_on=today,
        closes_on=today + dt.timedelta(days=14),
        by=cast.leader,
        now=now,
    )


def asked_in(pulse: PulseRound) -> list[User]:
    asked = PulseInvitation.objects.filter(round=pulse).select_related("user").order_by("pk")
    return [invitation.user for invitation in asked]


def say(pulse: PulseRound, person: User, word: str, unsure: frozenset[Unsure] = MISSION) -> None:
    answer = SAID[word]
    answer_pulse(
        pulse=pulse,
        answer=answer,
        unsure=unsure if answer == PulseAnswer.PARTLY else frozenset(),
        by=person,
        today=pulse.opens_on,
    )


def say_all(pulse: PulseRound, words: str | Iterable[str]) -> None:
    """«ja ja nja»: the first asked says the first word, and so on."""
    said = words.split() if isinstance(words, str) else list(words)
    for person, word in zip(asked_in(pulse), said, strict=False):
        say(pulse, person, word)


def settle(pulse: PulseRound) -> PulseRound:
    """On the day after its last."""
    over = dt.datetime.combine(
        pulse.closes_on + dt.timedelta(days=1), dt.time(12), tzinfo=timezone.get_current_timezone()
    )
    return settle_pulse(pulse=pulse, by=None, now=over)
