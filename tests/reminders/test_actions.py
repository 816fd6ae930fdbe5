from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.utils import timezone

from common.working_time import is_working_time, next_working_moment
from outbox.actions import queue_letter, stop_reminders
from outbox.models import Letter
from people.models import Position, Role, Unit, User
from portal.celery import app
from reminders import actions, letters
from reminders.actions import queue_due_reminders
from reminders.letters import Reminder
from reminders.tasks import queue_due_reminders as task
from seminars.models import Seminar
from tests.cast import Cast
from tests.factories import make_employee, make_role, make_unit
from tests.machine import PATIENCE
from tests.outbox.test_actions import at_once
from tests.seminars.factories import make_registration, make_seminar

DAY = dt.timedelta(days=1)
PEOPLE = 12


@pytest.fixture
def now() -> dt.datetime:
    """The next hour of work, as nobody is reminded in between."""
    return next_working_moment(timezone.now())


def tomorrows_seminar(unit: Unit, organiser: User, now: dt.datetime) -> Seminar:
    return make_seminar(unit, created_by=organiser, starts_at=now + dt.timedelta(hours=20))


@pytest.fixture
def seminar(cast: Cast, now: dt.datetime) -> Seminar:
    seminar = tomorrows_seminar(cast.other_agency, cast.organiser, now)
    for user in (cast.leader, cast.employee):
        make_registration(seminar, user, at=now - 10 * DAY)
    return seminar


def reminded() -> set[str]:
    letters = Letter.objects.filter(is_reminder=True)
    return set(letters.values_list("recipient__email", flat=True))


def test_who_has_opted_out_is_left_alone(seminar: Seminar, cast: Cast, now: dt.datetime) -> None:
    stop_reminders(user=cast.leader, by=None, now=now)
    assert queue_due_reminders(now=now) == 1
    assert reminded() == {"employee@example.org"}


@pytest.mark.parametrize("how", ["inactive", "position ended"])
def test_who_may_not_sign_in_is_left_alone(
    how: str, seminar: Seminar, cast: Cast, now: dt.datetime
) -> None:
    if how == "inactive":
        User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    else:
        ended = timezone.localdate(now) - DAY
        Position.objects.filter(user=cast.leader).update(valid_to=ended)
    queue_due_reminders(now=now)
    assert reminded() == {"employee@example.org"}


def test_who_has_a_role_and_no_position_is_reminded(
    seminar: Seminar, cast: Cast, now: dt.datetime
) -> None:
    Position.objects.filter(user=cast.leader).delete()
    make_role(cast.leader, Role.ORGANISER, cast.agency)
    queue_due_reminders(now=now)
    assert reminded() == {"leader@example.org", "employee@example.org"}


def test_one_that_cannot_be_written_keeps_no_other_back(
    seminar: Seminar,
    cast: Cast,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The first names a letter that is not there, as a template with a fault in it would."""
    due = actions.due_reminders(now)
    broken = Reminder(**(vars(due[0]) | {"letter": "not_there"}))
    monkeypatch.setattr(actions, "due_reminders", lambda now: [broken, *due[1:]])
    queue_due_reminders(now=now)
    assert len(reminded()) == 1
    told = [record.levelname for record in caplog.records if record.name == "reminders.actions"]
    assert told == ["ERROR"]


def test_beat_runs_the_task_by_the_name_in_its_schedule(seminar: Seminar, now: dt.datetime) -> None:
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert task.name in scheduled
    task()
    assert len(reminded()) == (2 if is_working_time(timezone.now()) else 0)


def everybody(now: dt.datetime) -> int:
    """A seminar tomorrow with so many participants, in committed rows."""
    unit = make_unit("Solvik kommune")
    seminar = tomorrows_seminar(unit, make_employee(unit), now)
    for _number in range(PEOPLE):
        make_registration(seminar, make_employee(unit), at=now - 10 * DAY)
    return PEOPLE


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_beats_at_once_write_each_reminder_once(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All four have seen that nothing is written before any of them writes."""
    expected, all_have_looked = everybody(now), threading.Barrier(4)
    look = actions._not_written

    def look_and_wait(due: list[Reminder]) -> list[Reminder]:
        missing = look(due)
        all_have_looked.wait(PATIENCE)
        return missing

    monkeypatch.setattr(actions, "_not_written", look_and_wait)
    assert at_once(4, lambda: queue_due_reminders(now=now)) == [expected] * 4
    assert Letter.objects.filter(is_reminder=True).count() == expected


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_the_key_every_beat_writes_its_own(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, all_have_looked = everybody(now), threading.Barrier(4)
    look = actions._not_written

    def look_and_wait(due: list[Reminder]) -> list[Reminder]:
        missing = look(due)
        all_have_looked.wait(PATIENCE)
        return missing

    def queue_without_key(*, key: str, **words: Any) -> Letter:
        return queue_letter(key=f"{key}:{threading.get_ident()}", **words)

    monkeypatch.setattr(actions, "_not_written", look_and_wait)
    monkeypatch.setattr(letters, "queue_letter", queue_without_key)
    at_once(4, lambda: queue_due_reminders(now=now))
    assert Letter.objects.filter(is_reminder=True).count() == expected * 4
