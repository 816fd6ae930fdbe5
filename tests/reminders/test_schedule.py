from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab, maybe_schedule
from django.conf import settings

from common import rooms
from common.dates import OSLO
from portal.celery import app


def duties(*names: str) -> dict[str, Any]:
    return {name: app.conf.beat_schedule[name] for name in names}


DAILY_DUTIES = duties(
    "forget-former-names",
    "forget-ended-sessions",
    "empty-old-letters",
    "count-attendance",
    "hand-over-missions",
    "carry-roles-over",
    "erase-who-left",
    "tell-of-seats",
    "withdraw-departed",
    "forget-old-staff-imports",
    "issue-certificates",
)
HOURLY_DUTIES = duties("erase-personal-data", "erase-agreements", "forget-staff-import-changes")


def hours_and_minutes(when: crontab) -> set[tuple[int, int]]:
    return {(hour, minute) for hour in when.hour for minute in when.minute}


def test_what_is_done_once_a_day_or_an_hour_is_all_here() -> None:
    rare = {
        name
        for name, duty in app.conf.beat_schedule.items()
        if isinstance(duty["schedule"], crontab) and len(duty["schedule"].minute) == 1
    }
    assert rare == set(DAILY_DUTIES) | set(HOURLY_DUTIES)


def test_no_two_rare_duties_begin_at_the_same_minute() -> None:
    """Each room says its own, and none sees the others'."""
    begun = Counter(
        at
        for duty in [*DAILY_DUTIES.values(), *HOURLY_DUTIES.values()]
        for at in hours_and_minutes(duty["schedule"])
    )
    assert {at: count for at, count in begun.items() if count > 1} == {}


def test_what_is_done_at_night_is_not_in_the_hour_that_a_change_of_clocks_repeats() -> None:
    hours = {hour for duty in DAILY_DUTIES.values() for hour in duty["schedule"].hour}
    assert hours & {2, 3} == set()


def test_no_room_takes_the_name_of_anothers_duty() -> None:
    names = [duty.name for room in rooms.rooms() for duty in room.duties]
    assert Counter(names) == Counter(app.conf.beat_schedule.keys())


def test_each_room_has_beat_start_its_own_tasks_alone() -> None:
    others = [
        duty.task
        for room in rooms.rooms()
        for duty in room.duties
        if not duty.task.startswith(f"{room.app}.")
    ]
    assert others == []


def test_beat_names_no_task_that_is_not_there() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled - set(app.tasks) == set()


def test_no_sweep_or_reminder_is_left_off_the_schedule() -> None:
    """Tasks without arguments are what beat is for; each is on its schedule."""
    app.loader.import_default_modules()
    ours = {
        name: task
        for name, task in app.tasks.items()
        if not name.startswith("celery.") and task.run.__code__.co_argcount == 0
    }
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert set(ours) - scheduled == set()


STEP = dt.timedelta(seconds=20)
DAY = dt.timedelta(days=1)
# Three days without and three days with a change of clocks.
MORNINGS = [
    dt.datetime(2026, 11, 24, 0, 0, tzinfo=OSLO),
    dt.datetime(2026, 3, 27, 0, 0, tzinfo=OSLO),
]


class Clock:
    def __init__(self, at: dt.datetime) -> None:
        self.at = at.astimezone(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at.astimezone(OSLO)


def fresh_beat(duties: dict[str, Any], clock: Clock) -> list[ScheduleEntry]:
    """What beat remembers of its duties when its schedule file is empty."""
    entries = []
    for name, duty in duties.items():
        when = copy.copy(maybe_schedule(duty["schedule"], app=app))
        when.nowfun = clock
        entries.append(ScheduleEntry(name=name, task=duty["task"], schedule=when, app=app))
    return entries


def runs(duties: dict[str, Any], start: dt.datetime, restarts: dt.timedelta) -> Counter[str]:
    """How often each duty was started in three days by a beat that forgets at every restart."""
    clock, started = Clock(start), Counter[str]()
    end, since = clock.at + 3 * DAY, clock.at
    entries = fresh_beat(duties, clock)
    while clock.at < end:
        if clock.at - since >= restarts:
            entries, since = fresh_beat(duties, clock), clock.at
        for index, entry in enumerate(entries):
            if entry.is_due().is_due:
                started[entry.name] += 1
                entries[index] = next(entry)
        clock.at += STEP
    return started


@pytest.mark.parametrize("start", MORNINGS, ids=str)
def test_a_beat_that_restarts_every_hour_and_remembers_nothing_does_each_daily_duty_once_a_day(
    start: dt.datetime,
) -> None:
    found = runs(DAILY_DUTIES, start, dt.timedelta(hours=1))
    assert found == Counter(dict.fromkeys(DAILY_DUTIES, 3))


def test_a_beat_that_restarts_every_hour_does_each_hourly_duty_every_hour() -> None:
    found = runs(HOURLY_DUTIES, MORNINGS[0], dt.timedelta(hours=1))
    assert found == Counter(dict.fromkeys(HOURLY_DUTIES, 3 * 24))


def test_an_interval_of_a_day_is_what_such_a_beat_never_comes_to() -> None:
    daily = {"by-interval": {"task": "outbox.tasks.empty_old_letters", "schedule": 86400}}
    assert runs(daily, MORNINGS[0], dt.timedelta(hours=1)) == Counter()


def test_only_the_heartbeat_is_an_interval() -> None:
    by_interval = {
        name
        for name, duty in app.conf.beat_schedule.items()
        if not isinstance(duty["schedule"], crontab)
    }
    assert by_interval == {"beat-heartbeat"}


def test_beat_keeps_its_file_among_the_portals_own() -> None:
    assert Path(app.conf.beat_schedule_filename).name == "beat-schedule"
    assert Path(settings.BASE_DIR) / "var" in Path(app.conf.beat_schedule_filename).parents
