"""A reminder cannot be silenced by changing a number."""

import datetime as dt

import pytest

from reminders.due import FOLLOW_UP_STAGES, SEMINAR_STAGES, Window

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(("opens", "closes"), [(3 * DAY, 3 * DAY), (3 * DAY, 7 * DAY)])
def test_a_window_that_is_never_open_is_refused(opens: dt.timedelta, closes: dt.timedelta) -> None:
    with pytest.raises(ValueError, match="never"):
        Window(opens, closes)


def test_a_window_of_whole_days_may_be_one_day() -> None:
    assert Window(DAY, DAY, has_whole_days=True).opens == DAY
    with pytest.raises(ValueError, match="never"):
        Window(DAY, 2 * DAY, has_whole_days=True)


def test_each_stage_is_called_by_its_days() -> None:
    stages = [*SEMINAR_STAGES.items(), *FOLLOW_UP_STAGES.items()]
    assert [
        (name, f"{window.opens.days}d")
        for name, window in stages
        if name != f"{window.opens.days}d"
    ] == []
