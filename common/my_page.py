"""What a room puts on «Min side»: next steps, and cards with what is the person's own there.

A room says in `room.py` how its part is made. The portal makes every part once a visit, asks the
database all the rooms' short questions in one, and shows the first step and every card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class NextStep:
    """What to do now: a heading, why, and the one button."""

    title: str
    text: str
    url: str
    label: str


@dataclass(frozen=True)
class Step:
    """Finds a next step, if there is one; the step whose place is first is shown alone."""

    place: int
    find: Callable[[], NextStep | None]


class Area(StrEnum):
    PICTURE = "picture"
    """«Det store bildet»: how far what one leads has come."""
    OWN = "own"


@dataclass(frozen=True)
class Card:
    """A part of the page: a template, and all that it is given. Cards stand by their places."""

    place: int
    template: str
    context: Mapping[str, Any]
    area: Area = Area.OWN


@dataclass(frozen=True)
class Visit:
    """Who comes, when, and the answers to the room's own short questions, by their names."""

    user: Any
    affiliation: Any
    now: dt.datetime
    answers: Mapping[str, Any]

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)


@dataclass(frozen=True)
class Part:
    """What one room puts there for one visit."""

    steps: Iterable[Step] = field(default=())
    cards: Iterable[Card] = field(default=())


PartMaker = Callable[[Visit], Part]
ShortQuestions = Callable[[Any, Any, Any], Mapping[str, Any]]
"""Of a person, the day and the moment: by name, expressions that are answered in one row, such as
whether somebody waits for them. Built once for everybody: the three are places for values
(`common.compiled.Given`), so nothing may be decided by them here."""
