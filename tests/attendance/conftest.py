"""What most tests of attendance begin with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from seminars.models import Registration, Seminar, Session
from tests.attendance.factories import at_noon
from tests.attendance.past_participation import TODAY, HistoryFolder
from tests.cast import Cast
from tests.corpora.participation_files import ORGANISER, ORGANISER_NAME, PEOPLE
from tests.factories import make_employee, make_position, make_unit, make_user
from tests.seminars.factories import make_participants, make_seminar


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    """Published by the learning agency, 30 seats, open."""
    return make_seminar(cast.other_agency, created_by=cast.organiser)


@pytest.fixture
def begun(cast: Cast, now: dt.datetime) -> Seminar:
    """The same, going on for an hour."""
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )


@pytest.fixture
def noon() -> dt.datetime:
    """A fixed noon: no test of the door depends on the hour it runs at."""
    return at_noon()


@pytest.fixture
def held(cast: Cast, noon: dt.datetime) -> Seminar:
    """Going on at noon, for an hour."""
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=noon - dt.timedelta(hours=1)
    )


@pytest.fixture
def session(held: Seminar) -> Session:
    """The one of `held`."""
    found = held.sessions.get()
    found.seminar = held
    return found


@pytest.fixture
def participant(held: Seminar, cast: Cast) -> Registration:
    """Somebody with a seat in `held`."""
    return make_participants(held, cast.unit, 1)[0]


@pytest.fixture
def history(tmp_path: Path, db: None) -> HistoryFolder:
    """A municipality whose people the files of the corpus speak of; P8 has left it."""
    municipality = make_unit("Solvik kommune", hr_id="1")
    unit = make_unit(ORGANISER_NAME, hr_id=ORGANISER, parent=municipality)
    for hr_id, email in PEOPLE.items():
        make_employee(unit, f"Person {hr_id}", hr_id=hr_id, email=email)
    left = make_user("Har Sluttet", hr_id="P8", email="left@solvik.example")
    make_position(left, unit, valid_to=TODAY - dt.timedelta(days=30))
    return HistoryFolder(tmp_path)
