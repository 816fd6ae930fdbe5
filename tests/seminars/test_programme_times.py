"""When each item of a programme is over: the next begins, or its session ends."""

from __future__ import annotations

import datetime as dt

from common.dates import OSLO
from seminars.models import ProgrammeItem, Session
from seminars.programme_times import with_ends


def at(hour: int, minute: int = 0, day: int = 10) -> dt.datetime:
    return dt.datetime(2027, 3, day, hour, minute, tzinfo=OSLO)


def hours(items: list[dt.datetime], *sessions: tuple[dt.datetime, dt.datetime]) -> list[str]:
    timed = with_ends(
        [ProgrammeItem(pk=number, starts_at=one) for number, one in enumerate(items)],
        [Session(starts_at=starts, ends_at=ends) for starts, ends in sessions],
    )
    return [one.hours.replace("\u2060", "") for one in timed]


def test_an_item_goes_on_until_the_next_and_the_last_until_its_session_ends():
    assert hours([at(9), at(10), at(11, 30)], (at(9), at(12))) == [
        "09.00–10.00",
        "10.00–11.30",
        "11.30–12.00",
    ]


def test_items_that_start_together_end_together():
    assert hours([at(9), at(9), at(10)], (at(9), at(12))) == [
        "09.00–10.00",
        "09.00–10.00",
        "10.00–12.00",
    ]


def test_no_item_goes_on_after_its_session():
    days = (at(9), at(11)), (at(13), at(15)), (at(9, day=11), at(12, day=11))
    assert hours([at(10), at(13), at(9, day=11)], *days) == [
        "10.00–11.00",
        "13.00–15.00",
        "09.00–12.00",
    ]


def test_what_is_before_a_session_goes_on_until_something_begins():
    assert hours([at(8), at(9), at(12)], (at(9), at(12))) == ["08.00–09.00", "09.00–12.00", "12.00"]
    assert hours([at(8), at(10)], (at(9), at(12))) == ["08.00–09.00", "10.00–12.00"]


def test_what_comes_after_all_of_the_day_says_when_it_starts_alone():
    days = (at(9), at(12)), (at(9, day=11), at(12, day=11))
    assert hours([at(12), at(9, day=11)], *days) == ["12.00", "09.00–12.00"]
