"""What waits in an agreement is asked for again: kindly, twice, and a last time before it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from commitments.amending.actions import amend_agreement
from commitments.leader_changes.actions import part_agreement, share_agreement
from commitments.models import Agreement, FollowUp, Revision
from commitments.pausing.actions import pause_agreement
from commitments.preparing.actions import save_answer, say_ready
from commitments.proposing.actions import propose_agreement
from common.working_time import working_days_after
from outbox.models import Letter
from people.models import IMPORT_UNDO_WINDOW, User
from reminders.actions import queue_due_reminders
from tests.cast import Cast
from tests.factories import make_employee, make_leadership
from tests.reminders.factories import make_agreed, make_signed

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = dt.datetime(2026, 11, 2, 10, 0, tzinfo=OSLO)
DAY = dt.timedelta(days=1)


def after(days: int, start: dt.datetime = MONDAY) -> dt.datetime:
    """So many working days later, at noon."""
    day = working_days_after(start.date(), days)
    return dt.datetime.combine(day, dt.time(12), OSLO)


def kinds(to: User) -> list[str]:
    found = Letter.objects.filter(recipient=to, is_reminder=True).order_by("pk")
    return [kind.removeprefix("reminders.") for kind in found.values_list("kind", flat=True)]


def sent(now: dt.datetime, to: User) -> list[str]:
    queue_due_reminders(now=now)
    return kinds(to)


@pytest.fixture
def proposal(cast: Cast) -> Revision:
    """From the leader to the employee."""
    agreed = make_agreed(cast.leader, cast.employee, cast.unit, at=MONDAY)
    return back_to_proposed(agreed)


def back_to_proposed(agreed: Revision) -> Revision:
    from commitments.drafts import content_of
    from commitments.writing.actions import save_draft

    draft = save_draft(
        revision=agreed,
        seen_version=agreed.version,
        content=content_of(agreed),
        by=agreed.agreement.leader,
        now=MONDAY,
    )
    return propose_agreement(
        revision=draft, seen_version=draft.version, by=agreed.agreement.leader, now=MONDAY
    )


def test_a_proposal_is_asked_about_twice_and_the_proposer_never(
    cast: Cast, proposal: Revision
) -> None:
    assert sent(after(2), cast.employee) == []
    assert sent(after(3), cast.employee) == ["answer_missing"]
    assert sent(after(4), cast.employee) == ["answer_missing"]
    assert sent(after(10), cast.employee) == ["answer_missing"] * 2
    assert sent(after(25), cast.employee) == ["answer_missing"] * 2
    assert kinds(cast.leader) == []


def test_both_hear_before_it_lapses(cast: Cast, proposal: Revision) -> None:
    assert proposal.lapses_on is not None
    eve = dt.datetime.combine(proposal.lapses_on - 15 * DAY, dt.time(12), OSLO)
    assert sent(eve, cast.leader) == []
    assert sent(eve + 3 * DAY, cast.leader) == ["lapses_soon"]
    assert kinds(cast.employee) == ["lapses_soon"]
    assert "faller bort" in Letter.objects.filter(kind="reminders.lapses_soon")[0].text


def test_nothing_on_a_week_end_or_at_night(cast: Cast, proposal: Revision) -> None:
    saturday = dt.datetime(2026, 11, 7, 12, tzinfo=OSLO)
    assert sent(saturday, cast.employee) == []
    assert sent(after(6).replace(hour=23), cast.employee) == []
    assert sent(after(6), cast.employee) == ["answer_missing"]


def test_a_pause_silences_them(cast: Cast, proposal: Revision) -> None:
    pause_agreement(agreement=proposal.agreement, resumes_on=None, by=cast.leader, now=MONDAY)
    for days in (3, 10, 55):
        assert sent(after(days), cast.employee) == []


def test_a_draft_left_is_asked_about_once_by_whose_turn_it_is(
    cast: Cast, proposal: Revision
) -> None:
    signed = make_signed_in_november(cast, proposal)
    amend_agreement(agreement=signed.agreement, reason="x", by=cast.employee, now=MONDAY)
    assert sent(after(14), cast.employee) == []
    assert sent(after(15), cast.employee) == ["draft_left"]
    assert sent(after(18), cast.employee) == ["draft_left"]
    assert kinds(cast.leader) == []


def make_signed_in_november(cast: Cast, proposal: Revision) -> Revision:
    from commitments.proposing.actions import agree_to_proposal
    from tests.reminders.factories import sign

    agreed = agree_to_proposal(
        revision=proposal, sha256=proposal.sha256, by=cast.employee, now=MONDAY
    )
    sign(agreed, by=cast.employee, at=MONDAY)
    return sign(agreed, by=cast.leader, at=MONDAY)


def test_whom_the_other_waits_for_is_asked_to_prepare(cast: Cast, proposal: Revision) -> None:
    signed = make_signed_in_november(cast, proposal)
    agreement = signed.agreement
    amend_agreement(agreement=agreement, reason="x", by=cast.employee, now=MONDAY)
    save_answer(
        agreement=agreement, question="core_task", text="Hemmelig", by=cast.leader, now=MONDAY
    )
    say_ready(agreement=agreement, by=cast.leader, now=MONDAY)
    assert sent(after(3), cast.employee) == ["preparation_missing"]
    assert sent(after(10), cast.employee) == ["preparation_missing"] * 2
    assert kinds(cast.leader) == []
    assert not Letter.objects.filter(text__contains="Hemmelig").exists()


def talk(cast: Cast) -> FollowUp:
    signed = make_signed(
        cast.leader, cast.employee, cast.unit, at=MONDAY - 30 * DAY, follow_up_on=MONDAY.date()
    )
    return FollowUp.objects.get(agreement=signed.agreement)


def test_a_conversation_not_written_down_is_asked_about(cast: Cast) -> None:
    planned = talk(cast)
    wanted = "talk_not_written"
    assert sent(after(2), cast.leader).count(wanted) == 0
    assert sent(after(3), cast.leader).count(wanted) == 1
    assert sent(after(10), cast.leader).count(wanted) == 2
    last = dt.datetime.combine(planned.lapses_on - 14 * DAY, dt.time(12), OSLO)
    assert sent(last, cast.leader).count(wanted) == 3
    assert kinds(cast.employee).count(wanted) == 3
    ended = dt.datetime.combine(planned.lapses_on, dt.time(12), OSLO)
    assert sent(ended, cast.leader).count(wanted) == 3


def test_one_arranged_today_is_not_reminded_of_today(cast: Cast) -> None:
    """The invitation has just told it; the signature was long ago."""
    from commitments.follow_up.actions import Appointment, arrange_follow_up

    signed = make_signed(
        cast.leader,
        cast.employee,
        cast.unit,
        at=MONDAY - 30 * DAY,
        follow_up_on=(MONDAY + 20 * DAY).date(),
    )
    for days in (7, 0):
        starts = MONDAY + days * DAY + dt.timedelta(hours=3)
        arrange_follow_up(
            agreement=signed.agreement,
            appointment=Appointment(starts, place="Rom 12"),
            by=cast.leader,
            now=MONDAY,
        )
        assert sent(MONDAY + dt.timedelta(minutes=1), cast.employee) == []


def test_the_reminder_has_the_hour_and_the_room(cast: Cast) -> None:
    from commitments.follow_up.actions import Appointment, arrange_follow_up

    signed = make_signed(
        cast.leader,
        cast.employee,
        cast.unit,
        at=MONDAY - 30 * DAY,
        follow_up_on=(MONDAY + 20 * DAY).date(),
    )
    arrange_follow_up(
        agreement=signed.agreement,
        appointment=Appointment(MONDAY + 9 * DAY, place="Rom 12"),
        by=cast.leader,
        now=MONDAY,
    )
    assert sent(MONDAY + 3 * DAY, cast.employee) == ["follow_up_near"]
    text = Letter.objects.get(kind="reminders.follow_up_near", recipient=cast.employee).text
    assert "Rom 12" in text
    assert "10.00" in text


Part = Callable[[Agreement], None]


def parted(cast: Cast) -> Agreement:
    agreement = talk(cast).agreement
    leadership = cast.leader.leaderships.get()
    leadership.valid_to = MONDAY.date() - DAY
    leadership.save()
    Agreement.objects.filter(pk=agreement.pk).update(left_behind_at=MONDAY - IMPORT_UNDO_WINDOW)
    part_agreement(agreement.pk, now=MONDAY)
    return Agreement.objects.get(pk=agreement.pk)


def test_the_employee_is_asked_to_decide_over_what_a_leader_left(cast: Cast) -> None:
    parted(cast)
    assert sent(after(19), cast.employee) == []
    assert sent(after(20), cast.employee) == ["decision_missing"]
    last = MONDAY + 352 * DAY
    assert sent(last, cast.employee) == ["decision_missing"] * 2
    assert kinds(cast.leader) == []


def test_what_is_shared_is_asked_about_before_it_ends_alone(cast: Cast) -> None:
    agreement = parted(cast)
    successor = make_employee(cast.unit, "Nina Ny")
    make_leadership(successor, cast.unit, since=MONDAY.date())
    share_agreement(agreement=agreement, with_user=successor, by=cast.employee, now=MONDAY)
    assert sent(after(20), cast.employee) == []
    assert sent(MONDAY + 352 * DAY, cast.employee) == ["decision_missing"]
    assert (
        "delt med den nye lederen din" in Letter.objects.get(kind="reminders.decision_missing").text
    )
