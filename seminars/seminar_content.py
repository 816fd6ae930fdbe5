"""What an organiser writes about a seminar, as plain values on their way to an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db.models import F

from people.models import Unit, User
from seminars.models import Audience, Question, SeatPool, Seminar


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

    @property
    def words(self) -> SessionContent:
        """What it says, whichever row it is."""
        return replace(self, pk=None)

    def order(self) -> tuple[Any, ...]:
        """Return what sessions are sorted by; moments as such, for a form and a row write the
        same one in different time zones."""
        words = self.title, self.choice, self.room, self.form, self.meeting_url
        return self.starts_at, self.ends_at, *words, self.capacity or 0

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
    contact: User | None = None
    contact_phone: str = ""
    offers_expire_after: int | None = None
    approval_days: int | None = None
    approval_default: str = "decline"
    promotion_ends_at: dt.datetime | None = None
    admits_latecomers: bool = False
    waiting_list_mode: str = "automatic"
    waiting_list_limit: int | None = None
    place_name: str = ""
    address: str = ""
    room: str = ""
    meeting_url: str = ""
    programme: Sequence[ProgrammeContent] = field(default_factory=tuple)
    speakers: Sequence[SpeakerContent] = field(default_factory=tuple)

    @classmethod
    def of(cls, seminar: Seminar) -> SeminarContent:
        """What stands there now."""
        own = [name for name in cls.__slots__ if name not in BELOW]
        sessions = seminar.sessions.annotate(choice=F("choice_group__title"))
        return cls(
            **{name: getattr(seminar, name) for name in own},
            sessions=[
                SessionContent(**row | {"choice": row["choice"] or ""})
                for row in sessions.values(*SessionContent.__slots__)
            ],
            programme=[
                ProgrammeContent(**row)
                for row in seminar.programme.values(*ProgrammeContent.__slots__)
            ],
            speakers=[
                SpeakerContent(**row) for row in seminar.speakers.values(*SpeakerContent.__slots__)
            ],
        )

    def own_values(self) -> dict[str, Any]:
        """The seminar's own columns, without the rows below it."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in BELOW}

    def state(self) -> dict[str, Any]:
        """What two who edit it may disagree on; which row a session is, and their order, is none
        of that."""
        return self.own_values() | {
            "sessions": sorted((one.words for one in self.sessions), key=SessionContent.order),
            "programme": sorted(self.programme, key=lambda one: (one.starts_at, one.title)),
            "speakers": list(self.speakers),
        }

    def with_keys_of(self, stored: SeminarContent) -> SeminarContent:
        """Sessions that say the same as a stored one are that one, so that the same form sent
        twice makes each of them once."""
        named = {one.pk for one in self.sessions}
        free = [one for one in stored.sessions if one.pk not in named]
        sessions = []
        for one in self.sessions:
            same = next((row for row in free if not one.pk and row.words == one.words), None)
            if same is not None:
                free.remove(same)
            sessions.append(same or one)
        return replace(self, sessions=sessions)


BELOW = ("sessions", "programme", "speakers")


@dataclass(frozen=True, slots=True)
class QuestionContent:
    text: str
    kind: str
    options: Sequence[str] = ()
    is_required: bool = False
    shown_if: Question | None = None
    shown_if_option: str = ""

    @classmethod
    def of(cls, question: Question) -> QuestionContent:
        return cls(**{name: getattr(question, name) for name in cls.__slots__})

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {
            "options": list(self.options)
        }

    def state(self) -> dict[str, Any]:
        """What two who edit it may disagree on, by the names of the form's fields."""
        values = self.values()
        shown_if, option = values.pop("shown_if"), values.pop("shown_if_option")
        return values | {"condition": [shown_if.pk, option] if shown_if else None}


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

    def state(self) -> dict[str, Any]:
        """What two who edit it may disagree on, by the names of the form's fields."""
        values = self.values()
        return values | {"agencies": list(self.agencies), "people": list(self.people)}

    def is_same_as(self, other: AudienceContent) -> bool:
        return (
            self.values() == other.values()
            and set(self.agencies) == set(other.agencies)
            and set(self.people) == set(other.people)
        )


@dataclass(frozen=True, slots=True)
class PoolContent:
    """The seats held for an agency; none when they are open to all."""

    seats: int | None = None
    release_at: dt.datetime | None = None

    @classmethod
    def of(cls, pool: SeatPool | None) -> PoolContent:
        if pool is None or pool.released_at is not None:
            return cls()
        return cls(pool.seats, pool.release_at)

    def state(self) -> dict[str, Any]:
        return asdict(self)
