"""What most tests of seminars begin with."""

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
