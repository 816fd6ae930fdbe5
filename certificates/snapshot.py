"""What a certificate says, as it is frozen in one canonical JSON text: see `evidence/canonical.py`.

Frozen and never asked of rows again: a name, a title or a unit that changes later leaves it true.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from common import dates
from evidence.canonical import canonical

SCHEMA: Final = "lederportalen.certificate"
SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendedSession:
    """One session that the person came to; without a title where the seminar has but one."""

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """All that a certificate says, apart from whether it is valid today."""

    number: str
    """As it is stored: `numbers.grouped` shows it."""
    name: str
    """What the person was called when it was issued."""
    seminar_title: str
    organiser: str
    """The unit that arranged it."""
    rule: str
    """What was asked for: a `CertificateRule` other than «off»."""
    is_whole: bool
    """Whether they came to all of it that is recorded, or to some."""
    sessions: tuple[AttendedSession, ...]
    """Those they came to, in order."""
    minutes: int
    """As the organiser states it, or the length of the sessions."""
    language: str
    """A key of `common.languages.LANGUAGES`."""
    issued_at: dt.datetime

    @property
    def days(self) -> list[dt.date]:
        """The days in Oslo on which they came, in order and each once."""
        return sorted({dates.as_date(session.starts_at) for session in self.sessions})


def frozen(facts: CertificateFacts) -> str:
    """Return the facts as the text that is kept and hashed."""
    return canonical(
        {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "number": facts.number,
            "name": facts.name,
            "seminar": {"title": facts.seminar_title, "organiser": facts.organiser},
            "rule": facts.rule,
            "is_whole": facts.is_whole,
            "sessions": [
                {
                    "title": session.title,
                    "starts_at": _utc(session.starts_at),
                    "ends_at": _utc(session.ends_at),
                }
                for session in facts.sessions
            ],
            "days": [day.isoformat() for day in facts.days],
            "minutes": facts.minutes,
            "language": facts.language,
            "issued_at": _utc(facts.issued_at),
        }
    )


def facts_of(snapshot: str) -> CertificateFacts:
    """Return the facts again, from what was frozen and not from rows."""
    content: dict[str, Any] = json.loads(snapshot)
    return CertificateFacts(
        number=content["number"],
        name=content["name"],
        seminar_title=content["seminar"]["title"],
        organiser=content["seminar"]["organiser"],
        rule=content["rule"],
        is_whole=content["is_whole"],
        sessions=tuple(_sessions(content["sessions"])),
        minutes=content["minutes"],
        language=content["language"],
        issued_at=dt.datetime.fromisoformat(content["issued_at"]),
    )


def _sessions(rows: Iterable[dict[str, str]]) -> Iterable[AttendedSession]:
    for row in rows:
        yield AttendedSession(
            title=row["title"],
            starts_at=dt.datetime.fromisoformat(row["starts_at"]),
            ends_at=dt.datetime.fromisoformat(row["ends_at"]),
        )


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
