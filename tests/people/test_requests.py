from __future__ import annotations

import datetime as dt

from django.test import RequestFactory
from django.utils import timezone

from common.dates import OSLO
from people.requests import now_in, today_in


def test_the_clock_is_read_once_a_request(rf: RequestFactory) -> None:
    request = rf.get("/")
    first = now_in(request)
    assert now_in(request) is first
    assert now_in(rf.get("/")) > first


def test_the_day_of_a_request_is_that_of_its_moment_in_oslo(rf: RequestFactory) -> None:
    request = rf.get("/")
    now = now_in(request)
    assert today_in(request) == timezone.localdate(now) == now.astimezone(OSLO).date()


def test_a_request_that_goes_on_past_midnight_keeps_its_day(rf: RequestFactory) -> None:
    request = rf.get("/")
    request._now = dt.datetime(2026, 11, 24, 22, 59, 59, tzinfo=dt.UTC)  # type: ignore[attr-defined]
    assert today_in(request) == dt.date(2026, 11, 24)
    request._now += dt.timedelta(seconds=1)  # type: ignore[attr-defined]
    assert today_in(request) == dt.date(2026, 11, 25)
