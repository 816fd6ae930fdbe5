"""What is signed, as it is frozen in one canonical JSON text: see `evidence/canonical.py`."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any, Final

from commitments.eligible_pairs import title_in
from commitments.models import WORDING, Commitment, Revision
from missions.models import MissionVersion
from people.models import Unit, User
from people.organisation import current_position

SCHEMA = "lederportalen.agreement"
SCHEMA_VERSION = 2


def take(revision: Revision, *, leader_title: str, employee_title: str) -> dict[str, Any]:
    """Everything the two agree to. Text and names as they are now; dates in ISO 8601."""
    agreement = revision.agreement
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "agreement": agreement.pk,
        "revision": revision.number,
        "leader": _person(agreement.leader, leader_title),
        "employee": _person(agreement.employee, employee_title),
        "unit": _unit(agreement.unit),
        "agency": _unit(agreement.agency) if agreement.agency else None,
        "mission": _mission(revision.mission_version),
        "commitments": [
            _commitment(place, one) for place, one in enumerate(revision.commitments.all(), start=1)
        ],
        "follow_up_on": _day(revision.follow_up_on),
        **{name: getattr(revision, name) for name in WORDING},
        "reason": revision.reason,
        "salt": secrets.token_hex(16),
    }


def read(revision: Revision) -> dict[str, Any]:
    """The content again, from what was frozen and not from rows.

    What an older schema did not know is empty, and the version it was signed with stays.
    """
    content: dict[str, Any] = json.loads(revision.snapshot)
    commitments = [_UNSAID_OF_COMMITMENT | one for one in content["commitments"]]
    return _UNSAID | content | {"commitments": commitments}


_UNSAID: Final[dict[str, Any]] = dict.fromkeys(WORDING, "")
_UNSAID_OF_COMMITMENT: Final[dict[str, Any]] = {"room": "", "thread": ""}
"""Since version 2. In version 1 nobody could say these."""


def content_of(revision: Revision, today: dt.date) -> dict[str, Any]:
    """Return what was frozen; of a draft what would be if it were proposed on the day."""
    return read(revision) if revision.snapshot else take_on(revision, today)


def take_on(revision: Revision, today: dt.date) -> dict[str, Any]:
    """Take the snapshot with the titles that the two have on the day."""
    agreement = revision.agreement
    position = current_position(agreement.leader, today)
    return take(
        revision,
        leader_title=position.title if position is not None else "",
        employee_title=title_in(agreement.employee, agreement.unit, today),
    )


def says_what_rows_say(revision: Revision) -> bool:
    """Whether the rows that the pages show are still what was frozen."""
    content = read(revision)
    commitments = [
        _commitment(place, one) for place, one in enumerate(revision.commitments.all(), start=1)
    ]
    if content["schema_version"] == 1:
        commitments = [one | {"thread": ""} for one in commitments]
    rows: dict[str, Any] = {
        "commitments": commitments,
        "follow_up_on": _day(revision.follow_up_on),
        "reason": revision.reason,
        **{name: getattr(revision, name) for name in WORDING},
    }
    return all(content[name] == said for name, said in rows.items())


def own_words(content: dict[str, Any]) -> list[str]:
    """Return what the two wrote themselves: not names, and not the unit's mission."""
    promised = ("text", "why", "support", "signs", "room")
    words = [content[name] for name in (*WORDING, "reason")]
    return words + [one[name] for one in content["commitments"] for name in promised]


def _person(user: User, title: str) -> dict[str, Any]:
    return {"id": user.pk, "name": user.name, "title": title}


def _unit(unit: Unit) -> dict[str, Any]:
    return {"id": unit.pk, "name": unit.name}


def _mission(version: MissionVersion) -> dict[str, Any]:
    return {
        "version": version.pk,
        "number": version.number,
        "unit": _unit(version.mission.unit),
        "core_task": version.core_task,
        "for_whom": version.for_whom,
        "core_activities": [
            {"order": activity.order, "text": activity.text}
            for activity in version.core_activities.all()
        ],
    }


def _commitment(place: int, commitment: Commitment) -> dict[str, Any]:
    activity = commitment.core_activity
    return {
        "order": place,
        "thread": str(commitment.thread),
        "owner": commitment.owner,
        "text": commitment.text,
        "why": commitment.why,
        "core_activity": {"order": activity.order, "text": activity.text} if activity else None,
        "support": commitment.support,
        "signs": commitment.signs,
        "room": commitment.room,
        "review_on": _day(commitment.review_on),
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
