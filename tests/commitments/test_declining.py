"""Saying no and taking a word back, each with a reason that the other reads and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.declining.actions import decline_proposal, withdraw_proposal
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import Agreement, Note, Revision
from outbox.models import Letter
from people.models import AuditRecord, User
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    propose,
    sign,
)

SignedIn = Callable[[User], Client]
REASON = "Turnusen tillater det ikke i vår"


def decline(revision: Revision, by: User) -> Agreement:
    return decline_proposal(revision=revision, reason=REASON, by=by, now=timezone.now())


def withdraw(revision: Revision, by: User) -> Agreement:
    return withdraw_proposal(revision=revision, reason=REASON, by=by, now=timezone.now())


def change(cast: Cast) -> Revision:
    """A change of what is signed, proposed by the leader."""
    signed = make_signed(cast)
    draft = amend_agreement(
        agreement=signed.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    return propose(draft, by=cast.leader)


def kinds(agreement: Agreement) -> list[str]:
    return [one.kind for one in agreement.evidence.order_by("number")]


def test_declining_the_first_proposal_ends_the_agreement(cast: Cast) -> None:
    proposal = make_proposal(cast)
    ended = decline(proposal, cast.leader)
    assert ended.ended_by == cast.leader
    assert newest(ended).state == "withdrawn"
    assert kinds(ended) == ["started", "proposed", "declined", "retained", "ended"]
    told = list(Letter.objects.order_by("pk").values_list("kind", "recipient"))[-2:]
    assert told == [
        ("commitments.ended", cast.leader.pk),
        ("commitments.ended", cast.employee.pk),
    ]
    assert list(verify_all()) == []


@pytest.mark.parametrize("who", ["leader", "employee"])
def test_either_declines_what_is_agreed_even_when_one_has_signed(cast: Cast, who: str) -> None:
    agreed = sign(make_agreed(cast), by=cast.employee)
    assert decline(agreed, getattr(cast, who)).ended_at is not None
    assert list(verify_all()) == []


def test_declining_a_change_lets_what_is_signed_hold(cast: Cast) -> None:
    proposed = change(cast)
    agreement = decline(proposed, cast.employee)
    assert agreement.ended_at is None
    assert [one.state for one in agreement.revisions.order_by("number")] == ["signed", "withdrawn"]
    again = amend_agreement(
        agreement=agreement, reason="Et nytt forsøk", by=cast.employee, now=timezone.now()
    )
    assert again.number == 3


def test_a_proposal_that_is_withdrawn_is_a_draft_again(cast: Cast) -> None:
    proposal = make_proposal(cast)
    agreement = withdraw(proposal, cast.employee)
    draft = newest(agreement)
    assert (draft.state, draft.turn, draft.number) == ("draft", "employee", 2)
    assert draft.commitments.count() == proposal.commitments.count()
    assert Revision.objects.get(pk=proposal.pk).state == "superseded"
    assert kinds(agreement)[-1] == "withdrawn"
    assert Letter.objects.get(kind="commitments.withdrawn").recipient == cast.leader
    assert list(verify_all()) == []


def test_a_change_that_is_let_be_goes_and_what_is_signed_holds(cast: Cast) -> None:
    agreement = withdraw(change(cast), cast.leader)
    agreement = withdraw(newest(agreement), cast.employee)
    assert [one.state for one in agreement.revisions.order_by("number")] == [
        "signed",
        "superseded",
        "withdrawn",
    ]
    assert agreement.ended_at is None


def test_who_may_decline_and_withdraw(cast: Cast) -> None:
    proposal = make_proposal(cast)
    for by in (cast.employee, cast.manager, cast.stranger):
        with pytest.raises(AgreementRefused):
            decline(proposal, by)
    for by in (cast.leader, cast.manager):
        with pytest.raises(AgreementRefused):
            withdraw(proposal, by)
    withdraw(proposal, cast.employee)
    with pytest.raises(AgreementRefused):
        decline(proposal, cast.leader)
    with pytest.raises(AgreementRefused):
        withdraw(newest(proposal.agreement), cast.employee)


def test_the_reason_is_read_by_the_two_and_stands_nowhere_else(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement = decline(make_proposal(cast), cast.leader)
    url = reverse("commitments:detail", args=[agreement.pk])
    for person in (cast.leader, cast.employee):
        assert REASON in signed_in(person).get(url).content.decode()
    assert signed_in(cast.manager).get(url).status_code == 404
    assert all(REASON not in one.subject + one.text + one.html for one in Letter.objects.all())
    assert all(REASON not in f"{one.reason}{one.details}" for one in AuditRecord.objects.all())
    assert Note.objects.get().kind == "declined"


@pytest.mark.parametrize(
    ("name", "who", "text"),
    [("decline", "leader", "Avtalen blir avsluttet"), ("withdraw", "employee", "utkast igjen")],
)
def test_by_the_pages(cast: Cast, signed_in: SignedIn, name: str, who: str, text: str) -> None:
    proposal = make_proposal(cast)
    browser = signed_in(getattr(cast, who))
    url = reverse(f"commitments:{name}", args=[proposal.agreement_id])
    assert (
        url
        in browser.get(reverse("commitments:detail", args=[proposal.agreement_id])).content.decode()
    )
    assert text in browser.get(url).content.decode()
    assert "lp-error-summary" in browser.post(url, {"text": ""}).content.decode()
    assert REASON in browser.post(url, {"text": REASON}, follow=True).content.decode()


def test_a_draft_that_was_never_signed_is_not_withdrawn(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    url = reverse("commitments:withdraw", args=[draft.agreement_id])
    assert signed_in(cast.employee).get(url).status_code == 403
