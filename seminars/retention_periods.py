"""How long a seminar keeps what it no longer needs; the page that promises it reads this too."""

from __future__ import annotations

import datetime as dt

from seminars.models import Seminar

NEEDS_ARE_KEPT = dt.timedelta(days=14)
ANSWERS_ARE_KEPT = dt.timedelta(days=180)
KEPT_AT_LEAST = dt.timedelta(days=365)
"""What came of a half-year is counted by then, and the letters about it are emptied."""


def needs_go_at(seminar: Seminar) -> dt.datetime:
    return seminar.ends_at + NEEDS_ARE_KEPT


def answers_go_at(seminar: Seminar) -> dt.datetime:
    return seminar.ends_at + ANSWERS_ARE_KEPT
