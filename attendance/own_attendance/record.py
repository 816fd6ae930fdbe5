"""How one person's attendance is recorded, session by session, and by what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from attendance.derivation import NOT_RECORDED
from attendance.door.words import when_and_where
from common import dates
from seminars.models import AttendanceOutcome, Registration, Session


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """One session, what is recorded of it, and every scan and mark it follows from."""

    session: Session
    outcome: str
    sources: list[str] = field(default_factory=list)

    @property
    def outcome_in_words(self) -> str:
        return outcome_in_words(self.outcome)


def outcome_in_words(outcome: str) -> str:
    return str(AttendanceOutcome(outcome).label) if outcome else _("Ikke ført")


def own_record(registration: Registration) -> list[RecordedSession]:
    """Return what is recorded of each session that the person goes to, or was seen at, in order."""
    outcomes = dict(registration.session_attendance.values_list("session", "outcome"))
    sources: dict[int, list[tuple[dt.datetime, str]]] = {}
    for scan in registration.scans.select_related("by", "undone").order_by("received_at", "pk"):
        words = _("Sjekket inn %(when)s av %(name)s") % {
            "when": when_and_where(scan),
            "name": scan.by.name,
        }
        if hasattr(scan, "undone"):
            words = _("%(words)s (angret)") % {"words": words}
        sources.setdefault(scan.session_id, []).append((scan.received_at, words))
    for mark in registration.marks.select_related("by").order_by("at", "pk"):
        words = _("«%(outcome)s», ført %(when)s av %(name)s") % {
            "outcome": outcome_in_words(mark.outcome),
            "when": dates.short_moment(mark.at),
            "name": mark.by.name,
        }
        if mark.reason:
            words = _("%(words)s. Begrunnelse: %(reason)s") % {
                "words": words,
                "reason": mark.reason,
            }
        sources.setdefault(mark.session_id, []).append((mark.at, words))
    seen = outcomes.keys() | sources.keys()
    own = {one.pk for one in registration.own_sessions}
    return [
        RecordedSession(
            session,
            outcomes.get(session.pk, NOT_RECORDED),
            [words for _at, words in sorted(sources.get(session.pk, []))],
        )
        for session in registration.seminar.sessions_in_order()
        if session.pk in own | seen
    ]
