"""The hour at which the test under way began: the same one for as long as it lasts.

A file that read the clock when it was imported would say "today" hours before the portal does.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

_began: dict[str, dt.datetime] = {}


def pytest_runtest_setup() -> None:
    """Read the clock before anything is made, and after `tests.midnight` has waited, if it must."""
    _began["at"] = timezone.now()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    _began.clear()


def now() -> dt.datetime:
    if "at" not in _began:
        raise RuntimeError("No test is under way: a file may not ask for the time as it is read.")
    return _began["at"]


def today() -> dt.date:
    """The day of `now` in Oslo."""
    return timezone.localdate(now())


def noon() -> dt.datetime:
    """The middle of that day: no change of clocks makes it come twice, or not at all."""
    return timezone.localtime(now()).replace(hour=12, minute=0)


def from_now(fields: dict[str, object]) -> dict[str, object]:
    """The fields of a parameter, with each time that is given as a distance from `now`."""
    return {
        name: now() + value if isinstance(value, dt.timedelta) else value
        for name, value in fields.items()
    }
