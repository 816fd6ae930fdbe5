"""Working time: over nights when clocks change, New Year, Easter and everything between."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dates import OSLO
from common.working_time import (
    BEGINS,
    DAY,
    ENDS,
    LONGEST_REST,
    WORKING_DAY,
    after_working_time,
    before_working_time,
    closing_of,
    is_working_day,
    is_working_time,
    next_working_day,
    next_working_moment,
    opening_of,
    working_day_from,
    working_day_until,
    working_time_between,
)
from tests.year.holidays import is_holiday

HOUR, NONE = dt.timedelta(hours=1), dt.timedelta()
FIRST, LAST = dt.date(2020, 1, 1), dt.date(2060, 12, 31)
clocks = st.integers(0, 40 * 365 * 24 * 60).map(
    lambda minutes: dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)
moments = st.one_of(clocks, clocks.map(lambda one: one.astimezone(OSLO)))
lengths = st.timedeltas(NONE, dt.timedelta(hours=60))
days = st.dates(FIRST, LAST)


def oslo(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=OSLO)


def test_days_of_rest_are_those_of_the_calendar_and_the_two_eves() -> None:
    """Against a calendar that is worked out elsewhere, and by another formula."""
    all_days = [FIRST + n * DAY for n in range((LAST - FIRST).days)]
    eves = {(12, 24), (12, 31)}
    rest = [one for one in all_days if not is_working_day(one)]
    assert rest == [one for one in all_days if is_holiday(one) or (one.month, one.day) in eves]


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (dt.date(2026, 4, 1), True),  # the Wednesday before Easter
        (dt.date(2026, 4, 2), False),
        (dt.date(2026, 4, 6), False),
        (dt.date(2026, 4, 7), True),
        (dt.date(2026, 5, 14), False),  # Ascension Day
        (dt.date(2026, 5, 25), False),  # Whit Monday
        (dt.date(2027, 5, 17), False),
        (dt.date(2026, 12, 24), False),
        (dt.date(2026, 12, 31), False),
        (dt.date(2027, 1, 4), True),
        (dt.date(2026, 11, 29), False),  # a Sunday
    ],
)
def test_known_days(day: dt.date, is_one: bool) -> None:
    assert is_working_day(day) is is_one


def test_a_working_day_is_as_long_as_its_hours() -> None:
    day = dt.date(2026, 11, 30)
    assert closing_of(day) - opening_of(day) == WORKING_DAY
    assert {"begins": dt.time(8), "ends": dt.time(16)} == {"begins": BEGINS, "ends": ENDS}


def test_no_rest_is_as_long_as_a_window_must_stay_open() -> None:
    day, longest = FIRST, NONE
    while day < LAST:
        after = next_working_day(day)
        longest = (
            max(longest, opening_of(after) - closing_of(day)) if is_working_day(day) else longest
        )
        day += DAY
    assert dt.timedelta(days=5) < longest < LONGEST_REST


@pytest.mark.parametrize(
    ("moment", "hours", "until"),
    [
        (oslo(2026, 11, 27, 15, 0), 2, oslo(2026, 11, 30, 9, 0)),  # over a week-end
        (oslo(2026, 11, 28, 22, 0), 8, oslo(2026, 11, 30, 16, 0)),
        (oslo(2026, 4, 1, 12, 0), 8, oslo(2026, 4, 7, 12, 0)),  # over Easter
        (oslo(2026, 12, 23, 15, 0), 2, oslo(2026, 12, 28, 9, 0)),  # over Christmas
        (oslo(2026, 12, 30, 15, 0), 2, oslo(2027, 1, 4, 9, 0)),  # over New Year
        (oslo(2026, 3, 27, 15, 0), 2, oslo(2026, 3, 30, 9, 0)),  # summer time begins
        (oslo(2026, 10, 23, 15, 0), 2, oslo(2026, 10, 26, 9, 0)),  # and ends
        (oslo(2026, 11, 30, 7, 59), 0, oslo(2026, 11, 30, 7, 59)),
    ],
)
def test_times_to_answer(moment: dt.datetime, hours: int, until: dt.datetime) -> None:
    assert after_working_time(moment, hours * HOUR) == until


def test_last_moment_before_a_monday_morning_is_on_friday() -> None:
    assert before_working_time(oslo(2026, 11, 30, 9, 0), 4 * HOUR) == oslo(2026, 11, 27, 13, 0)
    assert before_working_time(oslo(2026, 11, 28, 10, 0), 4 * HOUR) == oslo(2026, 11, 27, 12, 0)


@given(moments, lengths)
def test_time_that_is_given_is_there(moment: dt.datetime, length: dt.timedelta) -> None:
    end = after_working_time(moment, length)
    assert working_time_between(moment, end) == length
    if length > NONE:
        assert working_time_between(moment, end - dt.timedelta(microseconds=1)) < length


@given(moments, lengths)
def test_time_before_a_moment_is_there(moment: dt.datetime, length: dt.timedelta) -> None:
    start = before_working_time(moment, length)
    assert working_time_between(start, moment) == length
    if length > NONE:
        assert working_time_between(start + dt.timedelta(microseconds=1), moment) < length


@given(moments, lengths, lengths)
def test_time_adds_up(moment: dt.datetime, first: dt.timedelta, second: dt.timedelta) -> None:
    assert after_working_time(after_working_time(moment, first), second) == after_working_time(
        moment, first + second
    )


@given(moments, st.timedeltas(NONE, dt.timedelta(days=30)))
def test_more_time_passes_than_is_worked(moment: dt.datetime, later: dt.timedelta) -> None:
    end = (moment.astimezone(dt.UTC) + later).astimezone(moment.tzinfo)
    assert NONE <= working_time_between(moment, end) <= later
    assert working_time_between(end, moment) == NONE or later == NONE


@given(moments)
def test_next_working_moment_is_the_first_there_is(moment: dt.datetime) -> None:
    found = next_working_moment(moment)
    assert is_working_time(found)
    assert found >= moment
    assert found - moment.astimezone(dt.UTC) < LONGEST_REST
    assert (found == moment) == is_working_time(moment)
    assert working_time_between(moment, found) == NONE


@given(days)
def test_working_days_around_a_day(day: dt.date) -> None:
    before, after = working_day_until(day), working_day_from(day)
    assert before <= day <= after < next_working_day(after)
    assert is_working_day(before)
    assert is_working_day(after)
    assert (before == day == after) == is_working_day(day)
    between = [before + n * DAY for n in range(1, (after - before).days)]
    assert [one for one in between if is_working_day(one)] == []
