"""What the page of a door shows."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from attendance.door.actions import ScanResult
from attendance.door.device_data import door_texts
from attendance.door.forms import DOOR_LENGTH, DoorForm
from attendance.door.people import at_the_door, door_counts, door_rows, named, seen_twice
from attendance.door.rules import closed_to_scans
from attendance.door.words import message_of
from people.requests import SignedInRequest, now_in
from seminars.breadcrumbs import door_path
from seminars.models import Session
from seminars.registration_window import closed_to_all
from seminars.rules import organises_shown


def door_page(
    request: SignedInRequest,
    session: Session,
    form: DoorForm,
    result: ScanResult | None,
    *,
    is_shell: bool = False,
) -> dict[str, Any]:
    """Return what the door's page shows; the shell shows nobody."""
    seminar, now = session.seminar, now_in(request)
    rows = [] if is_shell else door_rows(session, at_the_door(session))
    words = "" if result else form.data.get("words", "")
    may_bring_in = closed_to_all(seminar, now) is None and seminar.is_held_now(now)
    return {
        "seminar": seminar,
        "session": session,
        "form": form,
        "door": form.data.get("door", "")[:DOOR_LENGTH],
        "key": uuid.uuid4(),
        "message": message_of(result) if result else None,
        "undo": result.scan if result and result.is_new else None,
        "rows": named(rows, words),
        "words": words,
        "counts": door_counts(rows),
        "twice": [] if is_shell else seen_twice(session),
        "texts": door_texts(),
        "any_key": uuid.UUID(int=0),
        "closed": closed_to_scans(seminar, session, at=now, now=now),
        "has_started": session.has_started(now),
        "organises": organises_shown(seminar),
        "may_bring_in": may_bring_in,
        "may_give": may_bring_in and seminar.seats_left > 0,
        "breadcrumbs": door_path(seminar, _("Døren")),
    }
