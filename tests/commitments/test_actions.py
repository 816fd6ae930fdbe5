"""The states of docs/agreements.md, and what follows from each step."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.drafts import AgreementContent
from commitments.eligible_pairs import Pair
from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.locking import AgreementRefused
from commitments.models import Agreement, FollowUp, Method, Note, Outcome, Revision, Signature
from commitments.proposing.actions import (
    agree_to_proposal,
    comment_on_agreement,
    send_back_proposal,
)
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import DraftConflict, save_draft, start_agreement
from evidence.canonical import sha256_of
from outbox.models import Letter
from people.models import AuditRecord
from tests.cast import Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    LEADERS_TEXT,
    agree,
    make_agreed,
    make_agreement,
    make_content,
    make_draft,
    make_proof,
    make_proposal,
    make_signed,
    newest,
    propose,
    save,
    sign,
)
from tests.missions.factories import make_mission


def letters() -> list[tuple[str, str]]:
    return [(one.kind, one.to_email) for one in Letter.objects.order_by("pk")]


def texts(revision: Revision) -> list[tuple[str, str]]:
    return [(one.owner, one.text) for one in revision.commitments.all()]


def states(agreement: Agreement) -> list[tuple[int, str]]:
    return list(agreement.revisions.order_by("number").values_list("number", "state"))


# Starting


def test_start_makes_an_empty_draft_of_whoever_starts(cast: Cast) -> None:
    mission = make_mission(cast.unit)
    agreement = make_agreement(cast, by=cast.leader)
    draft = newest(agreement)
    assert (draft.number, draft.state, draft.turn) == (1, "draft", "leader")
    assert (draft.mission_version, agreement.agency) == (mission, cast.agency)
    assert letters() == []


def test_start_takes_the_nearest_mission_above_when_the_unit_has_none(cast: Cast) -> None:
    above = make_mission(cast.agency)
    pair = Pair(cast.leader, cast.employee, cast.unit, "Konsulent")
    agreement = start_agreement(pair=pair, by=cast.leader, now=timezone.now())
    assert newest(agreement).mission_version == above


def test_start_is_refused_where_no_mission_is_published(cast: Cast) -> None:
    pair = Pair(cast.leader, cast.employee, cast.unit, "Konsulent")
    with pytest.raises(AgreementRefused, match="ikke noe publisert oppdrag"):
        start_agreement(pair=pair, by=cast.leader, now=timezone.now())
    assert Agreement.objects.count() == 0


def test_start_twice_gives_the_same_agreement(cast: Cast) -> None:
    first = make_agreement(cast, by=cast.employee)
    assert make_agreement(cast, by=cast.leader) == first
    assert states(first) == [(1, "draft")]


def test_start_again_after_the_end_makes_another(cast: Cast) -> None:
    first = make_agreement(cast)
    end_agreement(agreement=first, reason="Ny stilling", by=cast.leader, now=timezone.now())
    assert make_agreement(cast) != first


# Writing


def test_save_replaces_what_was_written_and_raises_the_version(cast: Cast) -> None:
    draft = make_draft(cast)
    saved = save(draft, "leader", by=cast.leader)
    assert texts(saved) == [("leader", LEADERS_TEXT)]
    assert (saved.pk, saved.version, saved.edited_by) == (draft.pk, 3, cast.leader)


def test_save_keeps_the_follow_up_date(cast: Cast) -> None:
    due_on = timezone.localdate() + dt.timedelta(days=60)
    assert make_draft(cast, follow_up_on=due_on).follow_up_on == due_on


def test_save_of_an_older_version_is_told_and_changes_nothing(cast: Cast) -> None:
    seen = make_draft(cast)
    save(seen, "leader", by=cast.leader)
    with pytest.raises(DraftConflict) as told:
        save(seen, "employee", by=cast.employee)
    assert texts(told.value.current) == [("leader", LEADERS_TEXT)]
    assert texts(newest(seen.agreement)) == [("leader", LEADERS_TEXT)]


def test_save_of_what_was_proposed_meanwhile_is_told(cast: Cast) -> None:
    seen = make_draft(cast)
    save(propose(seen, by=cast.employee), by=cast.leader)
    with pytest.raises(DraftConflict):
        save(seen, "employee", by=cast.employee)


def test_save_on_a_proposal_makes_a_counter_proposal_in_a_new_revision(cast: Cast) -> None:
    proposal = make_proposal(cast, "employee")
    counter = save(proposal, by=cast.leader)
    assert states(proposal.agreement) == [(1, "superseded"), (2, "draft")]
    assert (counter.turn, texts(counter)) == (
        "leader",
        [("leader", LEADERS_TEXT), ("employee", EMPLOYEES_TEXT)],
    )
    assert texts(Revision.objects.get(pk=proposal.pk)) == [("employee", EMPLOYEES_TEXT)]


def test_save_voids_a_pending_signature_and_tells_the_signer(cast: Cast) -> None:
    agreed = sign(make_agreed(cast), by=cast.employee)
    save(agreed, "leader", "employee", "both", by=cast.leader)
    assert states(agreed.agreement) == [(1, "superseded"), (2, "draft")]
    assert newest(agreed.agreement).signatures.count() == 0
    assert Signature.objects.get(revision=agreed).signer == cast.employee
    assert letters()[-1] == ("commitments.signature_voided", cast.employee.email)


def test_save_by_the_signer_writes_no_letter_about_their_own_signature(cast: Cast) -> None:
    agreed = sign(make_agreed(cast), by=cast.employee)
    before = letters()
    save(agreed, by=cast.employee)
    assert letters() == [*before, ("commitments.rewritten", cast.leader.email)]


def test_save_on_a_signed_agreement_is_refused(cast: Cast) -> None:
    signed = make_signed(cast)
    with pytest.raises(AgreementRefused, match="Avtalen er signert"):
        save(signed, by=cast.leader)


def test_save_by_anybody_else_is_refused(cast: Cast) -> None:
    draft = make_draft(cast)
    for person in (cast.manager, cast.hr, cast.administrator, cast.stranger):
        with pytest.raises(AgreementRefused, match="Bare de to"):
            save(draft, by=person)


# Proposing and answering


def test_propose_freezes_the_text_and_gives_the_other_the_word(cast: Cast) -> None:
    proposal = make_proposal(cast)
    assert (proposal.state, proposal.turn, proposal.proposed_by) == (
        "proposed",
        "leader",
        cast.employee,
    )
    assert proposal.sha256 == sha256_of(proposal.snapshot)
    assert letters() == [("commitments.proposed", cast.leader.email)]


def test_propose_of_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(AgreementRefused, match="minst én forpliktelse"):
        propose(newest(make_agreement(cast)), by=cast.employee)


def test_propose_of_an_older_version_is_refused(cast: Cast) -> None:
    seen = make_draft(cast)
    save(seen, by=cast.leader)
    with pytest.raises(AgreementRefused, match="endret siden du så den"):
        propose(seen, by=cast.employee)
    assert newest(seen.agreement).state == "draft"


def test_send_back_gives_the_proposer_a_copy_and_the_words(cast: Cast) -> None:
    proposal = make_proposal(cast)
    draft = send_back_proposal(
        revision=proposal, note="Kan vi ta turnusen først?", by=cast.leader, now=timezone.now()
    )
    assert states(proposal.agreement) == [(1, "superseded"), (2, "draft")]
    assert (draft.turn, texts(draft)) == ("employee", texts(proposal))
    note = Note.objects.get()
    assert (note.revision, note.kind, note.author) == (proposal, "sent_back", cast.leader)
    assert letters()[-1] == ("commitments.sent_back", cast.employee.email)


def test_only_the_one_with_the_word_answers(cast: Cast) -> None:
    proposal = make_proposal(cast)
    with pytest.raises(AgreementRefused):
        agree(proposal, by=cast.employee)
    with pytest.raises(AgreementRefused):
        send_back_proposal(revision=proposal, note="x", by=cast.employee, now=timezone.now())
    assert newest(proposal.agreement).state == "proposed"


def test_agree_makes_it_ready_to_sign(cast: Cast) -> None:
    agreed = make_agreed(cast)
    assert (agreed.state, agreed.turn, agreed.agreed_by) == ("agreed", "", cast.leader)
    assert letters()[-1] == ("commitments.agreed", cast.employee.email)


def test_agree_to_another_text_than_the_one_read_is_refused(cast: Cast) -> None:
    proposal = make_proposal(cast)
    with pytest.raises(AgreementRefused, match="endret siden du så den"):
        agree_to_proposal(revision=proposal, sha256="0" * 64, by=cast.leader, now=timezone.now())
    assert newest(proposal.agreement).state == "proposed"


@pytest.mark.parametrize(
    ("owners", "words"),
    [
        (("employee",), "Lederen må ha"),
        (("leader",), "Medarbeideren må ha"),
        (("employee", "both"), "Lederen må ha"),
        (("leader", "both"), "Medarbeideren må ha"),
    ],
)
def test_agree_wants_a_commitment_of_each_ones_own(
    cast: Cast, owners: tuple[str, ...], words: str
) -> None:
    proposal = make_proposal(cast, *owners)
    with pytest.raises(AgreementRefused, match=words):
        agree(proposal, by=cast.leader)


def test_comment_stays_and_changes_nothing(cast: Cast) -> None:
    proposal = make_proposal(cast)
    comment_on_agreement(revision=proposal, text="Fint!", by=cast.leader, now=timezone.now())
    assert list(Note.objects.values_list("text", "kind")) == [("Fint!", "comment")]
    assert newest(proposal.agreement).state == "proposed"


# Signing


@pytest.mark.parametrize("first", ["leader", "employee"])
def test_both_sign_in_any_order(cast: Cast, first: str) -> None:
    agreed = make_agreed(cast)
    people = [cast.leader, cast.employee]
    one, other = people if first == "leader" else reversed(people)
    assert sign(agreed, by=one).state == "agreed"
    assert sign(agreed, by=other).state == "signed"


def test_a_signature_says_who_when_how_and_what(cast: Cast) -> None:
    agreed = make_agreed(cast)
    now = timezone.now()
    proved = Proof(Method.WEBAUTHN, now - dt.timedelta(minutes=2))
    sign_agreement(revision=agreed, sha256=agreed.sha256, proof=proved, by=cast.leader, now=now)
    signature = Signature.objects.get()
    assert (signature.signer, signature.signer_name, signature.party) == (
        cast.leader,
        "Liv Dahl",
        "leader",
    )
    assert (signature.method, signature.authenticated_at, signature.signed_at) == (
        "webauthn",
        proved.at,
        now,
    )
    assert signature.sha256 == agreed.sha256


def test_signing_twice_changes_nothing(cast: Cast) -> None:
    signed = make_signed(cast)
    before = letters()
    sign(signed, by=cast.leader)
    assert (signed.signatures.count(), letters()) == (2, before)


def test_signed_plans_the_follow_up_and_writes_to_both(cast: Cast) -> None:
    due_on = timezone.localdate() + dt.timedelta(days=60)
    signed = make_signed(cast, follow_up_on=due_on)
    follow_up = FollowUp.objects.get()
    assert (follow_up.due_on, follow_up.revision) == (due_on, signed)
    assert letters()[-2:] == [
        ("commitments.signed", cast.leader.email),
        ("commitments.signed", cast.employee.email),
    ]


@pytest.mark.parametrize("age", [dt.timedelta(minutes=5, seconds=1), -dt.timedelta(seconds=1)])
def test_signing_without_a_fresh_proof_is_refused(cast: Cast, age: dt.timedelta) -> None:
    agreed, now = make_agreed(cast), timezone.now()
    with pytest.raises(AgreementRefused, match="Bekreft hvem du er"):
        sign_agreement(
            revision=agreed,
            sha256=agreed.sha256,
            proof=make_proof(now - age),
            by=cast.leader,
            now=now,
        )
    assert Signature.objects.count() == 0


def test_signing_without_any_proof_is_refused(cast: Cast) -> None:
    agreed = make_agreed(cast)
    with pytest.raises(AgreementRefused, match="Bekreft hvem du er"):
        sign_agreement(
            revision=agreed, sha256=agreed.sha256, proof=None, by=cast.leader, now=timezone.now()
        )


def test_signing_another_text_than_the_one_read_is_refused(cast: Cast) -> None:
    agreed, now = make_agreed(cast), timezone.now()
    with pytest.raises(AgreementRefused, match="endret siden du så den"):
        sign_agreement(
            revision=agreed, sha256="0" * 64, proof=make_proof(now), by=cast.leader, now=now
        )


def test_signing_what_is_not_agreed_is_refused(cast: Cast) -> None:
    with pytest.raises(AgreementRefused):
        sign(make_proposal(cast), by=cast.leader)


def test_nobody_but_the_two_signs(cast: Cast) -> None:
    agreed = make_agreed(cast)
    for person in (cast.manager, cast.hr, cast.administrator, cast.stranger):
        with pytest.raises(AgreementRefused, match="Bare de to"):
            sign(agreed, by=person)


# Changing, following up, ending


def test_amend_copies_forward_and_leaves_the_signed_one(cast: Cast) -> None:
    signed = make_signed(cast)
    draft = amend_agreement(
        agreement=signed.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    assert states(signed.agreement) == [(1, "signed"), (2, "draft")]
    assert (draft.reason, draft.turn, texts(draft)) == ("Ny turnus", "leader", texts(signed))


def test_amend_while_a_change_is_under_way_is_refused(cast: Cast) -> None:
    draft = make_draft(cast)
    with pytest.raises(AgreementRefused, match="allerede i gang"):
        amend_agreement(agreement=draft.agreement, reason="x", by=cast.leader, now=timezone.now())


def test_an_amendment_is_signed_like_the_first_and_moves_the_follow_up(cast: Cast) -> None:
    today = timezone.localdate()
    first = make_signed(cast, follow_up_on=today + dt.timedelta(days=30))
    draft = amend_agreement(
        agreement=first.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    later = today + dt.timedelta(days=90)
    proposal = propose(save(draft, by=cast.leader, follow_up_on=later), by=cast.leader)
    second = sign(sign(agree(proposal, by=cast.employee), by=cast.leader), by=cast.employee)
    assert states(first.agreement) == [(1, "signed"), (2, "signed")]
    assert json.loads(second.snapshot)["reason"] == "Ny turnus"
    follow_up = FollowUp.objects.get()
    assert (follow_up.due_on, follow_up.revision) == (later, second)


def test_an_amendment_without_a_date_keeps_the_planned_conversation(cast: Cast) -> None:
    due_on = timezone.localdate() + dt.timedelta(days=30)
    first = make_signed(cast, follow_up_on=due_on)
    draft = amend_agreement(
        agreement=first.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    proposal = propose(save(draft, by=cast.leader), by=cast.leader)
    second = sign(sign(agree(proposal, by=cast.employee), by=cast.leader), by=cast.employee)
    follow_up = FollowUp.objects.get()
    assert (follow_up.due_on, follow_up.revision) == (due_on, second)


def held(signed: Revision, cast: Cast, next_on: dt.date | None = None) -> FollowUp:
    said = [Said("kept"), Said("let_go", "Ikke lenger nødvendig")]
    return hold_follow_up(
        follow_up=signed.agreement.follow_ups.outstanding().get(),
        said={one.pk: word for one, word in zip(signed.commitments.all(), said, strict=True)},
        next_on=next_on,
        by=cast.leader,
        now=timezone.now(),
    )


def test_hold_follow_up_keeps_a_word_for_each_and_plans_the_next(cast: Cast) -> None:
    today = timezone.localdate()
    signed = make_signed(cast, follow_up_on=today)
    next_on = today + dt.timedelta(days=90)
    follow_up = held(signed, cast, next_on)
    assert follow_up.held_by == cast.leader
    assert list(Outcome.objects.values_list("word", "why")) == [
        ("kept", ""),
        ("let_go", "Ikke lenger nødvendig"),
    ]
    assert [one.due_on for one in FollowUp.objects.outstanding()] == [next_on]


def test_hold_follow_up_twice_is_refused(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    follow_up = held(signed, cast)
    with pytest.raises(AgreementRefused, match="allerede skrevet ned"):
        hold_follow_up(
            follow_up=follow_up, said={}, next_on=None, by=cast.employee, now=timezone.now()
        )


def test_hold_follow_up_about_other_commitments_is_refused(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    with pytest.raises(AgreementRefused, match="Last den på nytt"):
        hold_follow_up(
            follow_up=FollowUp.objects.get(),
            said={0: Said("kept")},
            next_on=None,
            by=cast.leader,
            now=timezone.now(),
        )
    assert signed.agreement.follow_ups.outstanding().count() == 1


def test_end_withdraws_what_is_open_and_nobody_writes_more(cast: Cast) -> None:
    proposal = make_proposal(cast)
    ended = end_agreement(
        agreement=proposal.agreement, reason="Ny stilling", by=cast.leader, now=timezone.now()
    )
    assert (ended.ended_by, states(ended)) == (cast.leader, [(1, "withdrawn")])
    assert Note.objects.get().kind == "ended"
    assert letters()[-1] == ("commitments.ended", cast.employee.email)
    with pytest.raises(AgreementRefused, match="Avtalen er avsluttet"):
        save(newest(ended), by=cast.employee)


def test_end_leaves_what_is_signed(cast: Cast) -> None:
    signed = make_signed(cast)
    end_agreement(
        agreement=signed.agreement, reason="Ny stilling", by=cast.leader, now=timezone.now()
    )
    assert states(signed.agreement) == [(1, "signed")]


def test_every_action_leaves_one_audit_record_of_who(cast: Cast) -> None:
    make_signed(cast)
    trail = AuditRecord.objects.filter(action__startswith="commitments.")
    assert list(trail.order_by("pk").values_list("action", "actor")) == [
        ("commitments.start_agreement", cast.employee.pk),
        ("commitments.save_draft", cast.employee.pk),
        ("commitments.propose_agreement", cast.employee.pk),
        ("commitments.agree_to_proposal", cast.leader.pk),
        ("commitments.sign_agreement", cast.employee.pk),
        ("commitments.sign_agreement", cast.leader.pk),
        ("commitments.complete_agreement", cast.leader.pk),
    ]


def test_save_of_nothing_empties_the_draft(cast: Cast) -> None:
    draft = make_draft(cast)
    save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent(),
        by=cast.leader,
        now=timezone.now(),
    )
    assert texts(newest(draft.agreement)) == []


def test_content_of_the_factory_is_what_tests_read(cast: Cast) -> None:
    mission = make_mission(cast.unit)
    owners = [one.owner for one in make_content(mission).commitments]
    assert owners == ["leader", "employee"]
