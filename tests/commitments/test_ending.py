"""How an agreement ended: said truly on the page, and told to both with the day of erasure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.declining.actions import decline_proposal
from commitments.ending.actions import end_agreement
from commitments.leader_changes.actions import close_agreement, share_agreement
from commitments.models import Agreement, Ending
from commitments.renewing.actions import carry_agreement_forward
from commitments.retention.actions import end_what_was_left
from common import dates
from outbox.models import Letter
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import make_agreed, make_draft, make_proposal, make_signed
from tests.commitments.test_parting import new_leader

SignedIn = Callable[[User], Client]
YEAR = dt.timedelta(days=366)
NOT_SIGNED = "ikke signert av dere begge"


def ended(agreement: Agreement, cast: Cast) -> None:
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())


def end_signed(cast: Cast) -> Agreement:
    agreement = make_signed(cast).agreement
    ended(agreement, cast)
    return agreement


def end_draft(cast: Cast) -> Agreement:
    agreement = make_draft(cast).agreement
    ended(agreement, cast)
    return agreement


def decline(cast: Cast) -> Agreement:
    proposal = make_proposal(cast)
    decline_proposal(revision=proposal, reason="x", by=cast.leader, now=timezone.now())
    return proposal.agreement


def part_unsigned(cast: Cast) -> Agreement:
    agreement = make_agreed(cast).agreement
    new_leader(cast)
    return agreement


def leave_for_a_year(cast: Cast) -> Agreement:
    agreement = make_signed(cast).agreement
    new_leader(cast)
    end_what_was_left(now=timezone.now() + YEAR)
    return agreement


def close(cast: Cast) -> Agreement:
    agreement = make_signed(cast).agreement
    new_leader(cast)
    close_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    return agreement


def carry(cast: Cast) -> Agreement:
    agreement = make_signed(cast).agreement
    successor = new_leader(cast)
    share = share_agreement(
        agreement=agreement, with_user=successor, by=cast.employee, now=timezone.now()
    )
    carry_agreement_forward(share=share, by=successor, now=timezone.now())
    return agreement


Way = Callable[[Cast], Agreement]
WAYS: dict[Way, tuple[Ending, str]] = {
    end_signed: (Ending.ENDED, "Liv Dahl avsluttet den"),
    end_draft: (Ending.ENDED, "Liv Dahl avsluttet den"),
    decline: (Ending.DECLINED, "Liv Dahl avslo forslaget"),
    part_unsigned: (Ending.NEVER_SIGNED, "Liv Dahl ledet deg ikke her lenger"),
    leave_for_a_year: (Ending.LEFT, "Liv Dahl hadde ikke ledet deg her på et år"),
    close: (Ending.ENDED, "Even Moen avsluttet den"),
    carry: (Ending.CARRIED, "Nina Ny førte den videre"),
}
ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


@ways
def test_the_page_says_how_it_ended(cast: Cast, signed_in: SignedIn, way: Way) -> None:
    agreement = Agreement.objects.get(pk=way(cast).pk)
    ending, words = WAYS[way]
    assert agreement.ended_as == ending
    url = reverse("commitments:detail", args=[agreement.pk])
    page = signed_in(cast.employee).get(url).content.decode()
    assert words in page
    is_signed = agreement.revisions.signed().exists()
    assert (NOT_SIGNED in page) == (not is_signed and ending != Ending.ENDED)


@ways
def test_both_are_told_once_and_when_it_is_erased(cast: Cast, way: Way) -> None:
    agreement = Agreement.objects.get(pk=way(cast).pk)
    assert agreement.erases_on is not None
    day = dates.long_date(agreement.erases_on)
    told = Letter.objects.filter(about_id=str(agreement.pk), text__contains=day)
    people = told.values_list("recipient__email", flat=True)
    assert sorted(people) == ["employee@example.org", "leader@example.org"]


@pytest.mark.parametrize("way", [leave_for_a_year, close, carry])
def test_a_former_leader_is_told_nothing_of_how(cast: Cast, way: Way) -> None:
    way(cast)
    letter = Letter.objects.get(kind="commitments.ended", recipient=cast.leader)
    agreement = Agreement.objects.get(leader=cast.leader)
    assert "Avtalen du hadde som leder med Even Moen, er avsluttet." in letter.text
    assert f"/avtaler/{agreement.pk}/" not in letter.text
    told = ("ført videre", "Nina Ny", "har avsluttet")
    assert [word for word in told if word in letter.text] == []


def test_the_day_in_the_letters_is_the_day_of_the_sweep(cast: Cast) -> None:
    agreement = Agreement.objects.get(pk=end_signed(cast).pk)
    assert agreement.ended_at is not None
    kept = agreement.erases_on - timezone.localdate(agreement.ended_at)  # type: ignore[operator]
    assert kept == dt.timedelta(days=1826)
