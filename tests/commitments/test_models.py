"""The words of the querysets, which reminders, reports and Min side build on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.ending.actions import end_agreement
from commitments.evidence.pdf import METHODS
from commitments.models import Agreement, FollowUp, Method, Party, Revision, Signature
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_agreement,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    sign,
)
from tests.missions.factories import make_mission


def end(agreement: Agreement, cast: Cast) -> Agreement:
    return end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())


@pytest.mark.parametrize(
    ("make", "state", "turn"),
    [
        (make_draft, "draft", "employee"),
        (make_proposal, "proposed", "leader"),
        (make_agreed, "agreed", ""),
        (make_signed, "signed", ""),
    ],
)
def test_with_state_is_that_of_the_newest_revision(
    cast: Cast, make: object, state: str, turn: str
) -> None:
    make(cast)  # type: ignore[operator]
    agreement = Agreement.objects.with_state().get()
    assert (agreement.state, agreement.turn, agreement.revision_number) == (state, turn, 1)


def test_with_state_of_a_change_keeps_when_it_was_signed(cast: Cast) -> None:
    signed = make_signed(cast)
    amend_agreement(agreement=signed.agreement, reason="x", by=cast.leader, now=timezone.now())
    agreement = Agreement.objects.with_state().get()
    assert (agreement.state, agreement.revision_number) == ("draft", 2)
    assert agreement.signed_at == signed.signed_at


def test_with_state_of_what_is_ended(cast: Cast) -> None:
    end(make_agreement(cast), cast)
    assert Agreement.objects.with_state().get().state == "ended"


def test_with_state_says_who_has_signed(cast: Cast) -> None:
    sign(make_agreed(cast), by=cast.leader)
    agreement = Agreement.objects.with_state().get()
    assert (agreement.is_signed_by_leader, agreement.is_signed_by_employee) == (True, False)


def test_awaiting_answer_is_of_the_one_with_the_word(cast: Cast) -> None:
    proposal = make_proposal(cast)
    waiting = Agreement.objects.awaiting_answer_of
    assert (list(waiting(cast.leader)), list(waiting(cast.employee))) == ([proposal.agreement], [])


def test_awaiting_signature_until_one_has_signed(cast: Cast) -> None:
    agreed = make_agreed(cast)
    waiting = Agreement.objects.awaiting_signature_of
    assert [waiting(one).count() for one in (cast.leader, cast.employee)] == [1, 1]
    sign(agreed, by=cast.leader)
    assert [waiting(one).count() for one in (cast.leader, cast.employee)] == [0, 1]
    sign(agreed, by=cast.employee)
    assert [waiting(one).count() for one in (cast.leader, cast.employee)] == [0, 0]


def test_awaiting_signature_names_those_who_are_missing(cast: Cast) -> None:
    agreed = make_agreed(cast)
    assert Revision.objects.awaiting_signature().get().missing_signers == [
        cast.leader,
        cast.employee,
    ]
    sign(agreed, by=cast.leader)
    assert Revision.objects.awaiting_signature().get().missing_signers == [cast.employee]


def test_awaiting_signature_since_leaves_out_what_was_agreed_later(cast: Cast) -> None:
    agreed = make_agreed(cast)
    assert agreed.agreed_at is not None
    later = agreed.agreed_at + dt.timedelta(seconds=1)
    counts = [
        Revision.objects.awaiting_signature(agreed_before=moment).count()
        for moment in (agreed.agreed_at, later)
    ]
    assert counts == [0, 1]


def test_nothing_awaits_in_what_is_ended(cast: Cast) -> None:
    end(make_agreed(cast).agreement, cast)
    assert Revision.objects.awaiting_signature().count() == 0
    assert Agreement.objects.awaiting_signature_of(cast.leader).count() == 0


def test_what_is_signed_is_found_and_what_is_agreed_is_not(cast: Cast) -> None:
    agreed = make_agreed(cast)
    assert Agreement.objects.signed().count() == 0
    sign(agreed, by=cast.leader)
    assert Agreement.objects.signed().count() == 0
    sign(agreed, by=cast.employee)
    assert Agreement.objects.signed().count() == 1


def test_due_between_has_both_days_and_leaves_out_what_was_held(cast: Cast) -> None:
    today = timezone.localdate()
    make_signed(cast, follow_up_on=today)
    day = dt.timedelta(days=1)
    due = FollowUp.objects.due_between
    counts = [
        due(today, today).count(),
        due(today - day, today - day).count(),
        due(today + day, today + day).count(),
    ]
    assert counts == [1, 0, 0]
    FollowUp.objects.update(held_at=timezone.now(), held_by=cast.leader)
    assert due(today, today).count() == 0


def test_nothing_is_due_in_what_is_ended(cast: Cast) -> None:
    today = timezone.localdate()
    end(make_signed(cast, follow_up_on=today).agreement, cast)
    assert FollowUp.objects.due_between(today, today).count() == 0


def test_whose_it_is(cast: Cast) -> None:
    agreement = make_agreement(cast)
    assert [agreement.party_of(one) for one in (cast.leader, cast.employee, cast.hr)] == [
        "leader",
        "employee",
        None,
    ]
    assert [agreement.party(signer) for signer in agreement.signers] == list(Party)
    assert agreement.counterpart_of(cast.leader) == cast.employee
    assert agreement.counterpart_of(cast.employee) == cast.leader
    with pytest.raises(ValueError, match="neither the leader nor the employee"):
        agreement.party(cast.hr)


def test_rows_have_words_for_themselves(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=dt.date(2027, 3, 1))
    commitment = signed.commitments.all()[0]
    signature = Signature.objects.filter(party="leader").get()
    follow_up = FollowUp.objects.get()
    assert [str(one) for one in (signed.agreement, commitment, signature)] == [
        "Liv Dahl – Even Moen",
        commitment.text,
        "Liv Dahl, leader",
    ]
    assert str(follow_up) == f"{signed.agreement_id}, 2027-03-01"
    assert str(newest(signed.agreement)) == f"{signed.agreement_id}, 1"


def test_the_document_has_a_word_for_every_method() -> None:
    assert set(METHODS) == set(Method)


def test_an_agreement_is_reconciled_after_a_material_change_of_its_mission(
    cast: Cast, signed_in
) -> None:
    first = make_mission(cast.unit, core_task="Slik det var")
    agreement = make_agreement(cast)
    make_mission(cast.unit, change="minor")
    assert Revision.objects.with_newer_mission().get().newer_mission_id is None
    newest = make_mission(cast.unit, core_task="Slik det ble")
    revision = Revision.objects.with_newer_mission().get()
    assert (revision.mission_version, revision.newer_mission_id) == (first, newest.pk)
    html = signed_in(cast.employee).get(reverse("commitments:detail", args=[agreement.pk]))
    changes = reverse("missions:changes", args=[newest.pk])
    assert f"{changes}?fra=1" in html.content.decode()
    assert "Avstem på nytt" in html.content.decode()
