"""When a test may begin."""

import datetime as dt

import pytest

from tests.midnight import until_midnight


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        ("2026-11-23T12:00+00:00", 11 * 60),
        ("2026-11-23T22:59+00:00", 1),
        ("2026-11-23T23:00+00:00", 60),
        ("2026-11-23T23:58+00:00", 2),
        ("2026-07-01T21:59+00:00", 1),
        ("2026-12-31T22:58+00:00", 2),
        ("2027-03-27T22:30+00:00", 30),
        ("2026-10-25T12:00+00:00", 11 * 60),
    ],
)
def test_the_next_midnight_is_that_of_oslo_or_of_utc(now: str, minutes: int) -> None:
    assert until_midnight(dt.datetime.fromisoformat(now)) == dt.timedelta(minutes=minutes)
