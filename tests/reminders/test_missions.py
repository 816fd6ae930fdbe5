"""One reminder, to those who had the letter and have not said they read the mission."""

import datetime as dt

import pytest

from common.working_time import next_working_moment
from missions.models import MissionChange
from missions.readers import unread_since
from outbox.models import Letter, ReminderOptOut
from reminders.actions import queue_due_reminders
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_position, make_unit, make_user
from tests.missions.factories import make_acknowledgement, make_mission

DAY = dt.timedelta(days=1)


def at_work() -> dt.datetime:
    """The next hour of work, as nobody is reminded in between."""
    return next_working_moment(clock.now())


def reminded() -> list[str]:
    kind = "reminders.mission_unread"
    return [letter.recipient.name for letter in Letter.objects.filter(kind=kind).order_by("pk")]


@pytest.mark.parametrize(
    ("days", "expected"), [(13, []), (14, ["Even Moen"]), (27, ["Even Moen"]), (28, [])]
)
def test_an_unread_mission_is_reminded_of_between_two_and_four_weeks(
    cast: Cast, days, expected
) -> None:
    make_mission(cast.unit, by=cast.leader, at=at_work() - days * DAY)
    queue_due_reminders(now=at_work())
    queue_due_reminders(now=at_work() + dt.timedelta(minutes=5))
    assert reminded() == expected


def test_whoever_has_read_or_opted_out_or_came_later_is_not_reminded(cast: Cast, today) -> None:
    version = make_mission(cast.unit, by=cast.leader, at=at_work() - 15 * DAY)
    make_acknowledgement(version, make_employee(cast.unit, "Har lest"))
    ReminderOptOut.objects.create(user=make_employee(cast.unit, "Vil ikke"))
    make_position(make_user("Kom siden"), cast.unit, since=today - 3 * DAY)
    queue_due_reminders(now=at_work())
    assert reminded() == ["Even Moen"]


def test_a_minor_change_neither_renews_nor_stops_the_reminder(cast: Cast) -> None:
    read = make_mission(cast.unit, by=cast.leader, at=at_work() - 16 * DAY)
    make_acknowledgement(read, make_employee(cast.unit, "Har lest"))
    make_mission(cast.unit, by=cast.manager, at=at_work() - DAY, change=MissionChange.MINOR)
    queue_due_reminders(now=at_work())
    make_mission(cast.unit, by=cast.manager, at=at_work() - DAY, change=MissionChange.MINOR)
    queue_due_reminders(now=at_work())
    assert reminded() == ["Even Moen"]


def test_a_material_change_in_between_takes_the_old_reminder_away(cast: Cast) -> None:
    make_mission(cast.unit, by=cast.leader, at=at_work() - 16 * DAY)
    make_mission(cast.unit, by=cast.leader, at=at_work() - DAY)
    queue_due_reminders(now=at_work())
    assert reminded() == []


def test_a_closed_unit_reminds_nobody(cast: Cast, today) -> None:
    make_mission(cast.unit, by=cast.leader, at=at_work() - 16 * DAY)
    cast.unit.valid_to = today - DAY
    cast.unit.save()
    queue_due_reminders(now=at_work())
    assert reminded() == []


def test_what_is_due_costs_five_queries_for_any_number_of_units(
    cast: Cast, today, django_assert_num_queries
) -> None:
    for number in range(9):
        unit = make_unit(f"Sone {number}", parent=cast.department)
        make_mission(unit, by=cast.leader, at=at_work() - 15 * DAY)
        make_employee(unit)
    with django_assert_num_queries(5):
        due = list(
            unread_since(after=at_work() - 28 * DAY, until=at_work() - 14 * DAY, today=today)
        )
    assert len(due) == 9
