"""What «Min side» shows: the one next step, then what each room has there for the person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.my_page import Area, Card, NextStep, Part, Visit
from common.rooms import rooms
from people.affiliation import Affiliation
from people.models import User


@dataclass(frozen=True)
class MyPage:
    next_step: NextStep
    picture: list[Card]
    own: list[Card]


def my_page(user: User, affiliation: Affiliation, now: dt.datetime) -> MyPage:
    """Return the page of one person; as many queries whatever the number of rows behind it."""
    answers = short_answers(user, affiliation, now)
    parts = [
        room.my_page(Visit(user, affiliation, now, answers[room.app]))
        for room in rooms()
        if room.my_page is not None
    ]
    cards = sorted((card for part in parts for card in part.cards), key=lambda card: card.place)
    return MyPage(
        next_step=first_step(parts),
        picture=[card for card in cards if card.area == Area.PICTURE],
        own=[card for card in cards if card.area == Area.OWN],
    )


def short_answers(
    user: User, affiliation: Affiliation, now: dt.datetime
) -> Mapping[str, Mapping[str, Any]]:
    """Ask every room's short questions at once; the answers by room and name."""
    asked = [
        (room.app, name, question)
        for room in rooms()
        if room.short_questions is not None
        for name, question in room.short_questions(user, affiliation, now).items()
    ]
    row = User.objects.filter(pk=user.pk).values_list(*(question for _, _, question in asked))
    answers: dict[str, dict[str, Any]] = defaultdict(dict)
    for (app, name, _question), answer in zip(asked, row.get(), strict=True):
        answers[app][name] = answer
    return answers


def first_step(parts: list[Part]) -> NextStep:
    """Find the step whose place is first, and ask for none after it."""
    steps = sorted((step for part in parts for step in part.steps), key=lambda step: step.place)
    return next(found for step in steps if (found := step.find()) is not None)
