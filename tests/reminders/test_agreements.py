from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.models import FollowUp, Revision
from outbox.models import Letter
from people import substituting
from people.models import User
from reminders.actions import CAN_WAIT, MOST_A_DAY, queue_due_reminders
from reminders.due import _signatures_missing
from reminders.reminded_states import REMINDED
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_unit
from tests.reminders.factories import make_agreed, make_signed, sign

OSLO = ZoneInfo("Europe/Oslo")
AGREED = dt.datetime(2026, 11, 2, 10, 0, tzinfo=OSLO)
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


def reminders(to: User) -> list[Letter]:
    return list(Letter.objects.filter(recipient=to, is_reminder=True).order_by("pk"))


def subjects(to: User) -> list[str]:
    return [letter.subject for letter in reminders(to)]


@pytest.fixture
def agreed(cast: Cast) -> Revision:
    return make_agreed(cast.leader, cast.employee, cast.unit, at=AGREED)


@pytest.mark.parametrize(
    ("days", "number"),
    [
        *((0, None), (1.95, None), (2.1, 1), (7.95, 1), (8.1, None), (8.95, None)),
        *((9.1, 2), (14.95, 2), (15.1, None), (16.1, 3), (21.95, 3), (22.1, None)),
    ],
)
def test_signature_is_asked_for_after_two_days_and_then_weekly(
    days: float, number: int | None, agreed: Revision, cast: Cast
) -> None:
    queue_due_reminders(now=AGREED + days * DAY)
    for person in (cast.leader, cast.employee):
        keys = [letter.key for letter in reminders(person)]
        wanted = f"agreement:{agreed.agreement_id}:reminder:sign:{agreed.pk}:{number}:{person.pk}"
        assert keys == ([] if number is None else [wanted])


@pytest.mark.parametrize("held_up", [day / 2 for day in range(4, 44)])
def test_two_alike_are_days_apart_also_when_the_first_was_held_up(
    held_up: float, agreed: Revision, cast: Cast
) -> None:
    for days in (held_up, held_up + 1, held_up + 1.9):
        queue_due_reminders(now=AGREED + days * DAY)
    assert len(reminders(cast.employee)) <= 1


@pytest.mark.no_cover
def test_signature_is_asked_for_three_times_at_most(agreed: Revision, cast: Cast) -> None:
    for hours in range(0, 60 * 24, 6):
        queue_due_reminders(now=AGREED + hours * HOUR)
    assert len(reminders(cast.employee)) == 3


def test_what_can_wait_names_reminders_that_there_are() -> None:
    assert set(REMINDED) >= CAN_WAIT


def test_a_leader_of_many_is_reminded_of_some_of_them_a_day(cast: Cast) -> None:
    """What can wait is as true on the next working day; nothing of it is lost."""
    for number in range(MOST_A_DAY * 2 + 1):
        employee = make_employee(cast.unit, f"Ansatt {number}")
        make_agreed(cast.leader, employee, cast.unit, at=AGREED)
    written = []
    for days in (3, 3.1, 4, 7):
        before = {letter.pk for letter in reminders(cast.leader)}
        queue_due_reminders(now=AGREED + days * DAY)
        new = Letter.objects.filter(recipient=cast.leader, is_reminder=True)
        written.append(new.exclude(pk__in=before).update(queued_at=AGREED + days * DAY))
    assert written == [MOST_A_DAY, 0, MOST_A_DAY, 1]


def test_only_who_has_not_signed_is_reminded(agreed: Revision, cast: Cast) -> None:
    sign(agreed, by=cast.employee, at=AGREED + DAY)
    queue_due_reminders(now=AGREED + 3 * DAY)
    assert len(reminders(cast.leader)) == 1
    assert reminders(cast.employee) == []


def test_nobody_is_reminded_when_both_have_signed(agreed: Revision, cast: Cast) -> None:
    for person in (cast.employee, cast.leader):
        sign(agreed, by=person, at=AGREED + DAY)
    assert queue_due_reminders(now=AGREED + 3 * DAY) == 0


def test_nobody_is_reminded_of_an_agreement_that_is_ended(agreed: Revision, cast: Cast) -> None:
    end_agreement(agreement=agreed.agreement, reason="Ny leder", by=cast.leader, now=AGREED + DAY)
    assert queue_due_reminders(now=AGREED + 3 * DAY) == 0


def test_signature_reminder_leads_there_and_says_nothing_of_the_agreement(
    agreed: Revision, cast: Cast
) -> None:
    queue_due_reminders(now=AGREED + 3 * DAY)
    (letter,) = reminders(cast.employee)
    assert letter.subject == "Påminnelse: en avtale venter på signaturen din"
    assert "Du og Liv Dahl ble enige om en avtale 2. november 2026." in letter.text
    assert f"http://testserver/avtaler/{agreed.agreement_id}/signer/" in letter.text
    assert "Jeg lytter." not in letter.text + letter.html
    assert letter.about_type == "commitments.agreement"


def stand_in(cast: Cast, first: dt.date, last: dt.date, *, at: dt.datetime) -> None:
    substituting.name_substitute(
        leader=cast.leader,
        substitute=cast.stranger,
        unit=cast.unit,
        valid_from=first,
        valid_to=last,
        by=cast.leader,
        now=at,
        today=at.date(),
    )


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [(1, 20, 1), (3, 20, 1), (1, 3, 1), (4, 20, 0), (1, 2, 0)],
)
def test_who_stands_in_for_the_leader_that_day_is_reminded_too(
    first: int, last: int, written: int, agreed: Revision, cast: Cast
) -> None:
    day = AGREED.date()
    stand_in(cast, day + first * DAY, day + last * DAY, at=AGREED)
    for _beat in range(2):
        queue_due_reminders(now=AGREED + 3 * DAY)
    assert len(reminders(cast.stranger)) == written
    assert len(reminders(cast.leader)) == len(reminders(cast.employee)) == 1


def test_a_substitute_is_reminded_neutrally_under_a_key_of_their_own(
    agreed: Revision, cast: Cast
) -> None:
    day = AGREED.date()
    stand_in(cast, day, day + 20 * DAY, at=AGREED)
    queue_due_reminders(now=AGREED + 3 * DAY)
    (letter,) = reminders(cast.stranger)
    wanted = f"agreement:{agreed.agreement_id}:reminder:sign:{agreed.pk}:1:{cast.stranger.pk}"
    assert letter.key == wanted
    assert letter.subject == "Påminnelse: en avtale venter på deg som stedfortreder"
    assert "Du er stedfortreder for Liv Dahl." in letter.text
    assert f"http://testserver/avtaler/{agreed.agreement_id}/signer/" in letter.text
    for kept_back in (cast.employee.name, "Jeg lytter."):
        assert kept_back not in letter.text + letter.html


def test_a_substitute_named_after_it_fell_due_is_not_reminded_of_it_at_once(
    agreed: Revision, cast: Cast
) -> None:
    day = AGREED.date()
    stand_in(cast, day + 4 * DAY, day + 20 * DAY, at=AGREED + 4 * DAY)
    queue_due_reminders(now=AGREED + 4 * DAY + HOUR)
    assert reminders(cast.stranger) == []
    queue_due_reminders(now=AGREED + 9 * DAY + HOUR)
    assert len(reminders(cast.stranger)) == 1


def test_no_substitute_is_reminded_once_the_leader_has_signed(agreed: Revision, cast: Cast) -> None:
    day = AGREED.date()
    stand_in(cast, day, day + 20 * DAY, at=AGREED)
    sign(agreed, by=cast.leader, at=AGREED + DAY)
    queue_due_reminders(now=AGREED + 3 * DAY)
    assert reminders(cast.stranger) == []


def test_a_leader_who_has_moved_is_reminded_of_nothing(agreed: Revision, cast: Cast) -> None:
    """Nor is anybody, before the sweep has come by: there is nothing more to sign."""
    day = AGREED.date()
    stand_in(cast, day, day + 20 * DAY, at=AGREED)
    cast.unit.leaderships.update(valid_to=day)
    assert queue_due_reminders(now=AGREED + 3 * DAY) == 0


def test_substitutes_are_asked_for_once_for_all(
    agreed: Revision, cast: Cast, django_assert_num_queries: Any
) -> None:
    """Ten more leaders on leave, each with one who stands in, cost not one question more."""
    day = AGREED.date()
    stand_in(cast, day, day + 20 * DAY, at=AGREED)
    with CaptureQueriesContext(connection) as few:
        assert len(list(_signatures_missing(AGREED + 3 * DAY, []))) == 3
    for number in range(10):
        unit = make_unit(f"Enhet {number}", parent=cast.department)
        away = replace(cast, unit=unit, leader=make_leader(unit, f"Leder {number}"))
        make_agreed(away.leader, make_employee(unit, f"Ansatt {number}"), unit, at=AGREED)
        stand_in(away, day, day + 20 * DAY, at=AGREED)
    with django_assert_num_queries(len(few)):
        due = list(_signatures_missing(AGREED + 3 * DAY, []))
    assert len(due) == 33
    assert [one.to for one in due].count(cast.stranger) == 11


@pytest.fixture
def follow_up(cast: Cast) -> FollowUp:
    day = dt.date(2026, 12, 1)
    signed = make_signed(cast.leader, cast.employee, cast.unit, at=AGREED, follow_up_on=day)
    return signed.agreement.follow_ups.get()


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ((11, 23, 12, 0), 0),
        ((11, 24, 7, 59), 0),
        ((11, 24, 8, 0), 2),
        ((11, 27, 12, 0), 2),
        ((11, 28, 12, 0), 0),
        ((11, 30, 23, 59), 0),
        ((12, 1, 0, 1), 0),
        ((12, 1, 8, 0), 2),
        ((12, 1, 15, 59), 2),
        ((12, 1, 16, 0), 0),
        ((12, 2, 8, 0), 0),
    ],
)
def test_both_are_reminded_of_a_conversation_a_week_before_and_on_the_day(
    moment: tuple[int, int, int, int], written: int, follow_up: FollowUp, cast: Cast
) -> None:
    month, day, hour, minute = moment
    now = dt.datetime(2026, month, day, hour, minute, tzinfo=OSLO)
    assert queue_due_reminders(now=now) == written
    assert len(reminders(cast.leader)) == len(reminders(cast.employee)) == written / 2


@pytest.mark.no_cover
def test_conversation_is_reminded_of_twice_in_all(follow_up: FollowUp, cast: Cast) -> None:
    for hours in range(0, 60 * 24, 3):
        queue_due_reminders(now=AGREED + hours * HOUR)
    told = ["Påminnelse: oppfølgingssamtale 1. desember"] * 2
    # Nobody wrote it down within the three weeks that are left of these two months.
    assert subjects(cast.employee) == [*told, *["Påminnelse: skriv ned oppfølgingssamtalen"] * 2]


def test_conversation_planned_for_this_week_is_not_reminded_of_at_once(cast: Cast) -> None:
    day = (AGREED + 5 * DAY).date()
    make_signed(cast.leader, cast.employee, cast.unit, at=AGREED, follow_up_on=day)
    assert queue_due_reminders(now=AGREED + MINUTE) == 0
    on_friday_before_that_saturday = AGREED + 4 * DAY
    assert queue_due_reminders(now=on_friday_before_that_saturday) == 2


def test_conversation_that_was_held_is_not_reminded_of(follow_up: FollowUp, cast: Cast) -> None:
    said = {one.pk: Said("kept", "") for one in follow_up.revision.commitments.all()}
    now = dt.datetime(2026, 11, 20, 12, 0, tzinfo=OSLO)
    hold_follow_up(follow_up=follow_up, said=said, next_on=None, by=cast.leader, now=now)
    assert queue_due_reminders(now=dt.datetime(2026, 11, 24, 12, 0, tzinfo=OSLO)) == 0


def test_conversation_letter_names_the_other_and_the_day(follow_up: FollowUp, cast: Cast) -> None:
    queue_due_reminders(now=dt.datetime(2026, 11, 24, 12, 0, tzinfo=OSLO))
    (letter,) = reminders(cast.leader)
    words = "Du og Even Moen har avtalt en oppfølgingssamtale tirsdag 1. desember 2026."
    assert words in letter.text
    assert f"http://testserver/avtaler/{follow_up.agreement_id}/" in letter.text
