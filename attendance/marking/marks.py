"""The marks of a form that says who came. Writing them is an action."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attendance.refusals import NotInList
from seminars.models import RegistrationState, Seminar

FIELD, SEEN = "outcome-", "seen-"
ROW_ID = re.compile(r"[0-9]{1,18}")
"""No more digits than the database has room for."""


def marks_in(data: Mapping[str, str]) -> dict[int, str]:
    """Return the outcomes of a form's «outcome-<registration's id>»; NotInList for another."""
    return _by_row(data, FIELD)


def seen_in(data: Mapping[str, str]) -> dict[int, str]:
    """Return what the page showed for each of its rows, from its «seen-<registration's id>»."""
    return _by_row(data, SEEN)


def _by_row(data: Mapping[str, str], prefix: str) -> dict[int, str]:
    rows = {name.removeprefix(prefix): data[name] for name in data if name.startswith(prefix)}
    if not all(ROW_ID.fullmatch(row) for row in rows):
        raise NotInList
    return {int(row): value for row, value in rows.items()}


def unrecorded_as_attended(seminar: Seminar) -> dict[int, str]:
    """For «everybody came»: those who are marked already keep their mark."""
    unrecorded = seminar.registrations.filter(state=RegistrationState.REGISTERED, outcome="")
    return dict.fromkeys(unrecorded.values_list("pk", flat=True), "attended")
