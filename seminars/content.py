"""What an organiser writes about a seminar, as plain values on their way to an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from people.models import Unit, User
from seminars.models import Audience, Question


@dataclass(frozen=True, slots=True)
class SessionContent:
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str = ""
    room: str = ""
    pk: int | None = None
    """The session that this is a new version of: its place in calendars follows it."""
    form: str = ""
    meeting_url: str = ""
    choice: str = ""
    """The name of the choice it is one of; sessions with the same name are held side by side."""
    capacity: int | None = None

    def values(self) -> dict[str, Any]:
        """Its own columns, without which it is and what it is parallel to."""
        return {name: value for name, value in asdict(self).items() if name not in ("pk", "choice")}


@dataclass(frozen=True, slots=True)
class ProgrammeContent:
    starts_at: dt.datetime
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerContent:
    name: str
    title: str = ""
    biography: str = ""


@dataclass(frozen=True, slots=True)
class SeminarContent:
    title: str
    summary: str
    organiser_unit: Unit
    capacity: int
    registration_opens_at: dt.datetime
    registration_closes_at: dt.datetime
    sessions: Sequence[SessionContent]
    description: str = ""
    audience: str = ""
    offers_expire_after: int | None = None
    approval_days: int | None = None
    approval_default: str = "approve"
    place_name: str = ""
    address: str = ""
    room: str = ""
    meeting_url: str = ""
    programme: Sequence[ProgrammeContent] = field(default_factory=tuple)
    speakers: Sequence[SpeakerContent] = field(default_factory=tuple)

    def own_values(self) -> dict[str, Any]:
        """The seminar's own columns, without the rows below it."""
        below = {"sessions", "programme", "speakers"}
        return {name: getattr(self, name) for name in self.__slots__ if name not in below}


@dataclass(frozen=True, slots=True)
class QuestionContent:
    text: str
    kind: str
    options: Sequence[str] = ()
    is_required: bool = False
    shown_if: Question | None = None
    shown_if_option: str = ""

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {
            "options": list(self.options)
        }


@dataclass(frozen=True, slots=True)
class AudienceContent:
    kind: str
    opens_at: dt.datetime | None = None
    led_on: dt.date | None = None
    levels: Sequence[str] = ()
    agencies: Sequence[Unit] = ()
    people: Sequence[User] = ()

    @classmethod
    def of(cls, audience: Audience) -> AudienceContent:
        return cls(
            kind=audience.kind,
            opens_at=audience.opens_at,
            led_on=audience.led_on,
            levels=audience.levels,
            agencies=list(audience.agencies.all()),
            people=list(audience.people.all()),
        )

    def values(self) -> dict[str, Any]:
        """The audience's own columns, without those it is joined to."""
        return {
            "kind": self.kind,
            "opens_at": self.opens_at,
            "led_on": self.led_on,
            "levels": sorted(self.levels),
        }

    def is_same_as(self, other: AudienceContent) -> bool:
        return (
            self.values() == other.values()
            and set(self.agencies) == set(other.agencies)
            and set(self.people) == set(other.people)
        )
