"""An agreement that rests: nothing is due, nobody is reminded, and nobody is asked why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.evidence.verification import verify_all
from commitments.follow_up.actions import Appointment, arrange_follow_up
from commitments.locking import AgreementRefused
from commitments.models import Agreement, FollowUp, Revision
from commitments.pausing.actions import pause_agreement, resume_agreement, resume_those_due
from commitments.schedule import keep_agreements
from outbox.models import Letter
from people.models import User
from reminders.due import due_reminders
from tests.cast import KINDS, Cast
from tests.commitments.factories import (
    make_agreed,
    make_agreement,
    make_proposal,
    make_signed,
    sign,
)

SignedIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)


def pause(agreement: Agreement, by: User, resumes_on: dt.date | None = None) -> Agreement:
    return pause_agreement(agreement=agreement, resumes_on=resumes_on, by=by, now=timezone.now())


def test_nothing_is_due_while_it_rests(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    noon = timezone.localtime().replace(hour=12)
    assert len(due_reminders(noon)) == 2
    pause(signed.agreement, cast.employee)
    assert due_reminders(noon) == []
    assert "Oppfølgingssamtale med" not in signed_in(cast.leader).get("/").content.decode()
    assert FollowUp.objects.due(timezone.localdate() + 30 * DAY).count() == 0


def test_nobody_waits_for_a_signature_or_an_answer_while_it_rests(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreed = make_agreed(cast)
    later = timezone.now() + 3 * DAY
    assert len(due_reminders(later)) == 2
    pause(agreed.agreement, cast.leader)
    assert due_reminders(later) == []
    assert Revision.objects.awaiting_signature_of(cast.leader).count() == 0
    assert "signaturen din" not in signed_in(cast.leader).get("/").content.decode()


def test_who_is_away_may_sign_all_the_same_and_it_goes_on_resting(cast: Cast) -> None:
    agreed = make_agreed(cast)
    pause(agreed.agreement, cast.leader)
    sign(sign(agreed, by=cast.employee), by=cast.leader)
    revision = Revision.objects.get(pk=agreed.pk)
    assert revision.is_signed
    assert revision.agreement.paused_at is not None
    assert list(verify_all()) == []


def test_a_proposal_that_rests_asks_for_no_answer(cast: Cast) -> None:
    proposal = make_proposal(cast)
    assert Agreement.objects.awaiting_answer_of(cast.leader).count() == 1
    pause(proposal.agreement, cast.leader)
    assert Agreement.objects.awaiting_answer_of(cast.leader).count() == 0


def test_its_conversation_leaves_the_calendars(cast: Cast) -> None:
    agreement = make_signed(cast).agreement
    when = Appointment(timezone.now() + 5 * DAY)
    arrange_follow_up(agreement=agreement, appointment=when, by=cast.leader, now=timezone.now())
    pause(agreement, cast.leader)
    told = Letter.objects.exclude(calendar="").values_list("calendar_method", flat=True)
    assert sorted(told) == ["CANCEL", "CANCEL", "REQUEST", "REQUEST"]


@pytest.mark.parametrize("who", ["leader", "employee"])
def test_either_resumes_and_the_other_gets_a_letter(cast: Cast, who: str) -> None:
    agreement = make_agreement(cast)
    pause(agreement, cast.leader)
    by = getattr(cast, who)
    resumed = resume_agreement(agreement=agreement, by=by, now=timezone.now())
    assert (resumed.paused_at, resumed.paused_by, resumed.resumes_on) == (None, None, None)
    assert Letter.objects.get(kind="commitments.paused").recipient == cast.employee
    other = agreement.counterpart_of(by)
    assert Letter.objects.get(kind="commitments.resumed").recipient == other


def test_it_resumes_by_itself_on_its_day_and_once(cast: Cast) -> None:
    agreement = make_agreement(cast)
    tomorrow = timezone.localdate() + DAY
    pause(agreement, cast.leader, tomorrow)
    keep_agreements()
    assert Agreement.objects.get().paused_at is not None
    for _again in range(2):
        resume_those_due(now=timezone.now() + DAY)
    assert Agreement.objects.get().paused_at is None
    assert Letter.objects.filter(kind="commitments.resumed").count() == 2


def test_a_conversation_that_was_passed_by_gets_a_new_day(cast: Cast) -> None:
    agreement = make_signed(cast, follow_up_on=timezone.localdate() + DAY).agreement
    pause(agreement, cast.leader)
    after = timezone.now() + 40 * DAY
    resume_agreement(agreement=agreement, by=cast.leader, now=after)
    assert FollowUp.objects.get().due_on == timezone.localdate(after) + 14 * DAY


def test_one_that_is_still_to_come_keeps_its_day(cast: Cast) -> None:
    day = timezone.localdate() + 50 * DAY
    agreement = make_signed(cast, follow_up_on=day).agreement
    pause(agreement, cast.leader)
    resume_agreement(agreement=agreement, by=cast.leader, now=timezone.now() + DAY)
    assert FollowUp.objects.get().due_on == day


def test_it_is_paused_once_and_resumed_once(cast: Cast) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(AgreementRefused, match="ikke på pause"):
        resume_agreement(agreement=agreement, by=cast.leader, now=timezone.now())
    pause(agreement, cast.leader)
    with pytest.raises(AgreementRefused, match="allerede på pause"):
        pause(agreement, cast.employee)
    other = Agreement.objects.create(
        leader=cast.manager, employee=cast.leader, unit=cast.unit, created_by=cast.leader
    )
    with pytest.raises(AgreementRefused, match="senere dag"):
        pause(other, cast.leader, timezone.localdate())


@pytest.mark.parametrize("who", [kind for kind in KINDS if kind not in ("leader", "employee")])
def test_nobody_else_pauses(cast: Cast, who: str) -> None:
    with pytest.raises(AgreementRefused):
        pause(make_agreement(cast), getattr(cast, who))


def test_the_letters_say_no_reason(cast: Cast) -> None:
    agreement = make_agreement(cast)
    pause(agreement, cast.employee, timezone.localdate() + DAY)
    letter = Letter.objects.get(kind="commitments.paused")
    assert letter.subject == "En avtale er satt på pause"
    assert "Går videre av seg selv" in letter.text


def test_by_the_pages(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    urls = [reverse(f"commitments:{name}", args=[agreement.pk]) for name in ("pause", "resume")]
    wrong = browser.post(urls[0], {"resumes_on": "2020-01-01"}).content.decode()
    assert "Velg en senere dag." in wrong
    assert browser.get(urls[1]).status_code == 403
    done = browser.post(urls[0], {"resumes_on": "2126-01-01"}, follow=True).content.decode()
    assert "Avtalen er på pause" in done
    assert "1. januar 2126" in done
    assert "På pause" in browser.get(reverse("commitments:list")).content.decode()
    assert browser.get(urls[0]).status_code == 403
    done = browser.post(urls[1], follow=True).content.decode()
    assert "Avtalen går videre." in done
    assert list(verify_all()) == []


def test_the_database_pairs_who_and_when(cast: Cast) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(IntegrityError, match="paused_by_somebody"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(paused_at=timezone.now())
    with pytest.raises(IntegrityError, match="paused_by_somebody"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(resumes_on=timezone.localdate())
