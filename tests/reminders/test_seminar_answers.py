"""What waits for participants, line managers and organisers, and is said once more at work."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dates import OSLO
from common.working_time import DAY, is_working_time, reminder_opens_at
from outbox.models import Letter
from reminders.actions import queue_due_reminders
from seminars import letters as seminar_letters
from seminars.models import Invitation, Registration, Seminar
from tests.cast import Cast
from tests.seminars.factories import make_registration, make_seminar

HOUR = dt.timedelta(hours=1)
MONDAY = dt.datetime(2027, 3, 1, 10, 0, tzinfo=OSLO)


def seminar_of(cast: Cast, **fields: object) -> Seminar:
    given = {"starts_at": MONDAY + 21 * DAY} | fields
    return make_seminar(cast.other_agency, created_by=cast.organiser, title="Ledelse", **given)


def held(cast: Cast, seminar: Seminar, state: str, *, asked: dt.datetime) -> Registration:
    """Until four on the Thursday, told of at `asked`."""
    row = make_registration(
        seminar,
        cast.employee,
        state=state,
        expires_at=MONDAY + 3 * DAY + 6 * HOUR,
        approver=cast.leader if state == "awaiting" else None,
    )
    write = seminar_letters.offered if state == "offered" else seminar_letters.approval_wanted
    write(row)
    Letter.objects.update(queued_at=asked, next_attempt_at=asked)
    return row


def kinds() -> list[tuple[str, str]]:
    found = Letter.objects.filter(is_reminder=True).order_by("pk")
    return list(found.values_list("kind", "recipient__email"))


@pytest.mark.parametrize(
    ("state", "letter"),
    [
        ("offered", ("reminders.offer_unanswered", "employee@example.org")),
        ("awaiting", ("reminders.approval_unanswered", "leader@example.org")),
    ],
)
def test_an_answer_is_asked_for_once_more_with_a_working_day_left(
    cast: Cast, state: str, letter: tuple[str, str]
) -> None:
    held(cast, seminar_of(cast, approval_days=3), state, asked=MONDAY)
    assert queue_due_reminders(now=MONDAY + 2 * DAY) == 0
    at_eight = MONDAY + 3 * DAY - 2 * HOUR
    assert [queue_due_reminders(now=at_eight + n * HOUR) for n in range(3)] == [1, 0, 0]
    assert kinds() == [letter]
    (written,) = Letter.objects.filter(is_reminder=True)
    assert "torsdag 4. mars 2027 kl. 16.00" in written.text


@pytest.mark.parametrize("state", ["offered", "awaiting"])
def test_who_was_asked_lately_is_not_asked_again(cast: Cast, state: str) -> None:
    asked = MONDAY + 2 * DAY + 5 * HOUR  # an hour of work before the last day begins
    held(cast, seminar_of(cast, approval_days=3), state, asked=asked)
    assert queue_due_reminders(now=MONDAY + 3 * DAY) == 0


def test_what_was_answered_or_called_off_is_not_asked_about(cast: Cast) -> None:
    seminar = seminar_of(cast)
    held(cast, seminar, "offered", asked=MONDAY)
    Seminar.objects.update(state="cancelled", cancelled_at=MONDAY, cancel_reason="Syk")
    assert queue_due_reminders(now=MONDAY + 3 * DAY) == 0


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (MONDAY + 3 * DAY, 0),
        (MONDAY + 4 * DAY - 2 * HOUR, 1),  # Friday, as the two days before fall on rest
        (MONDAY + 5 * DAY, 0),
        (MONDAY + 7 * DAY, 1),
        (MONDAY + 8 * DAY + HOUR, 0),
    ],
)
def test_an_invitation_is_repeated_before_registration_closes(
    cast: Cast, now: dt.datetime, written: int
) -> None:
    seminar = seminar_of(
        cast,
        registration_opens_at=MONDAY - 9 * DAY,
        registration_closes_at=MONDAY + 8 * DAY,
    )
    for person in (cast.leader, cast.employee):
        Invitation.objects.create(seminar=seminar, user=person, invited_at=MONDAY - 5 * DAY)
    make_registration(seminar, cast.employee, state="withdrawn")
    assert queue_due_reminders(now=now) == written
    assert kinds() == [("reminders.invitation_unanswered", "leader@example.org")] * written


@pytest.mark.parametrize(
    ("days", "written", "words"),
    [
        (-15, 0, ""),
        (-14, 1, "nærmer seg"),
        (0, 1, "er passert"),
        (11, 1, "er passert"),
        (15, 0, ""),
    ],
)
def test_a_draft_is_asked_about_near_its_day_and_after(
    cast: Cast, days: int, written: int, words: str
) -> None:
    now = MONDAY + 21 * DAY
    seminar = seminar_of(cast, state="draft", starts_at=now - days * DAY - HOUR)
    Seminar.objects.update(created_at=MONDAY - 90 * DAY)
    assert [queue_due_reminders(now=now), queue_due_reminders(now=now + HOUR)] == [written, 0]
    assert kinds() == [("reminders.draft_unpublished", "organiser@example.org")] * written
    for letter in Letter.objects.all():
        assert words in letter.text
        assert f"/{seminar.pk}/" in letter.text


def test_a_draft_that_is_new_is_let_be(cast: Cast) -> None:
    seminar_of(cast, state="draft", starts_at=MONDAY + 5 * DAY)
    Seminar.objects.update(created_at=MONDAY - DAY)
    assert queue_due_reminders(now=MONDAY) == 0


def test_the_organiser_is_asked_twice_who_came(cast: Cast) -> None:
    friday = MONDAY + 4 * DAY
    seminar = seminar_of(cast, starts_at=friday)
    make_registration(seminar, cast.leader)
    moments = [friday + n * DAY + 6 * HOUR - dt.timedelta(minutes=1) for n in range(30)]
    written = {at.date(): sent for at in moments if (sent := queue_due_reminders(now=at))}
    assert written == {dt.date(2027, 3, 8): 1, dt.date(2027, 3, 17): 1}
    assert kinds() == [("reminders.attendance_missing", "organiser@example.org")] * 2


def test_a_seminar_that_is_marked_or_that_nobody_was_in_is_not_asked_about(cast: Cast) -> None:
    seminar = seminar_of(cast, starts_at=MONDAY - 4 * DAY)
    make_registration(seminar, cast.leader, state="withdrawn")
    assert queue_due_reminders(now=MONDAY) == 0


def test_of_what_was_held_long_ago_nothing_is_read(cast: Cast) -> None:
    seminar = seminar_of(cast, starts_at=MONDAY - 60 * DAY)
    make_registration(seminar, cast.leader)
    assert queue_due_reminders(now=MONDAY) == 0


@pytest.mark.parametrize(
    "rest",
    [
        MONDAY - DAY,
        MONDAY.replace(hour=0, minute=5),
        MONDAY.replace(hour=16),
        dt.datetime(2026, 12, 24, 10, 0, tzinfo=OSLO),
        dt.datetime(2027, 5, 17, 10, 0, tzinfo=OSLO),
    ],
)
def test_nothing_is_written_at_a_time_of_rest(cast: Cast, rest: dt.datetime) -> None:
    seminar = seminar_of(cast, starts_at=rest + 20 * HOUR)
    make_registration(seminar, cast.leader, at=rest - 30 * DAY)
    assert queue_due_reminders(now=rest) == 0


def test_a_seminar_on_monday_is_reminded_of_on_friday(cast: Cast) -> None:
    seminar = seminar_of(cast, starts_at=MONDAY)
    make_registration(seminar, cast.leader, at=MONDAY - 30 * DAY)
    assert queue_due_reminders(now=MONDAY - 7 * DAY) == 1
    assert queue_due_reminders(now=MONDAY - 4 * DAY) == 0
    assert queue_due_reminders(now=MONDAY - 3 * DAY - 2 * HOUR) == 1
    assert ":1d:" in Letter.objects.latest("pk").key


@given(st.dates(dt.date(2026, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 14))
def test_what_falls_due_does_so_at_work(day: dt.date, days: int) -> None:
    moment = reminder_opens_at(day, days_before=days)
    assert is_working_time(moment)
    assert moment.astimezone(OSLO).date() <= day - days * DAY
