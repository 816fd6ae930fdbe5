import datetime as dt

import pytest
from django.utils import translation

from common import dates

START = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)


def test_span_within_a_day_names_the_day_once() -> None:
    assert dates.span(START, END) == "tirsdag 24. november 2026 kl. 09.00–15.30"


def test_span_over_two_days_names_both() -> None:
    end = END + dt.timedelta(days=1)
    assert dates.span(START, end) == (
        "tirsdag 24. november 2026 kl. 09.00 – onsdag 25. november 2026 kl. 15.30"
    )


def test_span_that_passes_midnight_in_oslo_alone_is_two_days() -> None:
    start = dt.datetime(2026, 11, 24, 22, 30, tzinfo=dt.UTC)
    assert dates.span(start, start + dt.timedelta(hours=1)) == (
        "tirsdag 24. november 2026 kl. 23.30 – onsdag 25. november 2026 kl. 00.30"
    )


def test_day_is_the_day_in_oslo() -> None:
    assert dates.day(dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)) == "onsdag 1. juli 2026"


def test_clock_knows_summer_time() -> None:
    assert dates.clock(dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC)) == "09.00"


@pytest.mark.parametrize(
    ("utc", "in_bokmal", "in_english"),
    [
        ("2026-10-24T23:59", "01.59", "01:59"),
        ("2026-10-25T00:30", "02.30 (sommertid)", "02:30 (summer time)"),
        ("2026-10-25T01:30", "02.30 (normaltid)", "02:30 (standard time)"),
        ("2026-10-25T02:00", "03.00", "03:00"),
        ("2026-03-29T01:00", "03.00", "03:00"),
    ],
)
def test_clock_says_which_of_two_equal_hours(utc: str, in_bokmal: str, in_english: str) -> None:
    hour = dt.datetime.fromisoformat(f"{utc}+00:00")
    assert dates.clock(hour) == in_bokmal
    assert dates.moment(hour).endswith(f"kl. {in_bokmal}")
    with translation.override("en"):
        assert dates.clock(hour) == in_english


def test_clock_says_nothing_of_an_hour_that_is_skipped() -> None:
    assert dates.clock(dt.datetime.fromisoformat("2026-03-29T02:30")) == "02.30"


def test_clock_takes_a_time_as_it_is() -> None:
    assert dates.clock(dt.time(9, 5)) == "09.05"


def test_english_writes_the_clock_with_a_colon() -> None:
    with translation.override("en"):
        assert dates.clock(dt.time(9, 5)) == "09:05"
        assert dates.span(START, END) == "Tuesday 24 November 2026, 09:00–15:30"
        assert dates.moment(START) == "Tuesday 24 November 2026 at 09:00"


def test_moment_without_a_zone_is_taken_to_be_in_oslo() -> None:
    naive = START.replace(tzinfo=None)
    assert dates.moment(naive) == "tirsdag 24. november 2026 kl. 08.00"


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (dt.date(2026, 11, 24), "uke 48"),
        (dt.date(2027, 1, 3), "uke 53"),
        (dt.date(2027, 1, 4), "uke 1"),
        (dt.date(2024, 12, 30), "uke 1"),
    ],
)
def test_week_is_counted_by_iso(day: dt.date, week: str) -> None:
    assert dates.week(day) == week


def test_the_other_forms_of_a_day() -> None:
    day = dt.date(2026, 11, 24)
    assert [
        dates.long_date(day),
        dates.day_month(day),
        dates.short_date(day),
        dates.weekday(day),
        dates.month(day),
        dates.short_moment(START),
    ] == [
        "24. november 2026",
        "24. november",
        "24.11.2026",
        "tirsdag",
        "november 2026",
        "24.11.2026 kl. 09.00",
    ]


def test_english_names_the_month_in_tables_too() -> None:
    """«04.01.2027» is a day in April to many who read English."""
    with translation.override("en"):
        assert dates.short_date(dt.date(2027, 1, 4)) == "4 Jan 2027"
        assert dates.short_span(START, END) == "24 Nov 2026, 09:00–15:30"


def test_english_keeps_the_order_of_day_and_month() -> None:
    with translation.override("en"):
        assert dates.day(START) == "Tuesday 24 November 2026"
