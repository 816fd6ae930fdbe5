"""What a room tells a leader of each of their people, on «Mine medarbeidere».

A room says in `room.py` how its column is made. The portal asks for one page of people at a time,
and shows the columns of every room beside each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise


@dataclass(frozen=True)
class TeamVisit:
    """Who looks, at which of their people, and when."""

    user: Any
    people: Collection[int]
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One thing about one person: a word in a tag, what it is about, and perhaps what to do."""

    tag: str
    skin: str = ""
    text: str = ""
    url: str = ""
    action: str = ""
    """Words of the link; where there are none, the text is the link."""


@dataclass(frozen=True, kw_only=True)
class TeamColumn:
    heading: str | Promise
    none: str | Promise
    """Said of a person of whom there is nothing to tell."""
    place: int
    lines: Callable[[TeamVisit], Mapping[int, Sequence[TeamLine]]]
    """By person; asks the database as often, whatever the number of people."""
    waiting: Callable[[TeamVisit], Collection[int]]
    """Of whom something waits for the one who looks."""
