"""What most tests of attendance begin with."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from seminars.models import Seminar
from tests.cast import Cast
from tests.seminars.factories import make_seminar


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
