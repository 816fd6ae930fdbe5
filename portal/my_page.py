"""What «Min side» shows: the one next step, then what each room has there for the person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone

from common.compiled import CompiledQuery, given_day, given_key, given_moment
from common.my_page import Area, Card, NextStep, Part, ShortQuestions, Visit
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
    answers = short_answers(user, now)
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


def short_answers(user: User, now: dt.datetime) -> Mapping[str, Mapping[str, Any]]:
    """Ask every room's short questions at once; the answers by room and name."""
    asking = tuple((room.app, room.short_questions) for room in rooms() if room.short_questions)
    question = _question(asking)
    answers: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in question.query.raw(user=user.pk, today=timezone.localdate(now), now=now):
        for alias, (app, name) in question.names.items():
            answers[app][name] = getattr(row, alias)
    return answers


@dataclass(frozen=True)
class _Question:
    names: Mapping[str, tuple[str, str]]
    """The room and its name for each answer."""
    query: CompiledQuery[User]


@lru_cache
def _question(asking: tuple[tuple[str, ShortQuestions], ...]) -> _Question:
    """Put all that the rooms ask into one query, built once."""
    places = given_key("user"), given_day("today"), given_moment("now")
    asked = {
        f"short_{app}_{name}": (app, name, expression)
        for app, questions in asking
        for name, expression in questions(*places).items()
    }
    return _Question(
        names={alias: (app, name) for alias, (app, name, _expression) in asked.items()},
        query=CompiledQuery(
            lambda: (
                User.objects.get_queryset()
                .only("pk")
                .filter(pk=given_key("user"))
                .annotate(**{alias: expression for alias, (_, _, expression) in asked.items()})
            )
        ),
    )


def first_step(parts: list[Part]) -> NextStep:
    """Find the step whose place is first, and ask for none after it."""
    steps = sorted((step for part in parts for step in part.steps), key=lambda step: step.place)
    return next(found for step in steps if (found := step.find()) is not None)
