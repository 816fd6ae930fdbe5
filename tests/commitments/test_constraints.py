"""What a row may say, whatever path one takes around the code: one constraint a test.

Each goes through when its constraint is taken away; what the triggers keep is in `test_guards`.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from commitments.models import (
    Agreement,
    EvidenceEvent,
    FollowUp,
    Note,
    Outcome,
    Preparation,
    PreparedAnswer,
    PrivateNote,
    Revision,
    RoundPledge,
    Share,
    UnsavedWork,
)
from commitments.preparing.actions import save_answer
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreement,
    make_draft,
    make_proposal,
    make_signed,
)
from tests.commitments.test_parting import shared
from tests.commitments.test_rounds import begin
from tests.refusals import execute, refused_by


def make_talk(cast: Cast) -> FollowUp:
    """Planned by a signed agreement."""
    day = timezone.localdate() + dt.timedelta(days=9)
    return make_signed(cast, follow_up_on=day).agreement.follow_ups.get()


def make_preparation(cast: Cast) -> Preparation:
    """The employee's, with one answer."""
    agreement = make_agreement(cast)
    save_answer(
        agreement=agreement,
        question="commitment",
        text="Ringer samme dag",
        by=cast.employee,
        now=timezone.now(),
    )
    return agreement.preparations.get(author=cast.employee)


def test_an_agreement_is_ended_by_somebody(cast: Cast) -> None:
    agreement = make_agreement(cast)
    now = timezone.now()
    with refused_by("agreement_says_how_it_ended"):
        Agreement.objects.filter(pk=agreement.pk).update(
            ended_at=now, erases_on=now.date() + dt.timedelta(days=400)
        )


def test_words_are_carried_into_one_agreement_alone(cast: Cast) -> None:
    signed = make_signed(cast)
    Agreement.objects.filter(pk=signed.agreement_id).update(leader_access_ended_at=timezone.now())
    carried = {
        "carried_from": signed.agreement,
        "employee": cast.employee,
        "unit": cast.unit,
        "created_by": cast.employee,
    }
    Agreement.objects.create(leader=cast.manager, **carried)
    with refused_by("commitments_agreement_carried_from_id_key"):
        Agreement.objects.create(leader=cast.hr, **carried)


def test_a_revision_has_its_own_number(cast: Cast) -> None:
    signed = make_signed(cast)
    with refused_by("revision_has_its_own_number"):
        Revision.objects.create(
            agreement=signed.agreement,
            number=signed.number,
            turn="leader",
            mission_version=signed.mission_version,
            edited_by=cast.leader,
        )


@pytest.mark.parametrize("turn", ["", "hr"])
def test_one_of_the_two_has_the_word_on_a_draft(cast: Cast, turn: str) -> None:
    draft = make_draft(cast)
    with refused_by("revision_turn_while_talking"):
        Revision.objects.filter(pk=draft.pk).update(turn=turn)


def test_nobody_has_the_word_on_what_is_agreed(cast: Cast) -> None:
    proposal = make_proposal(cast)
    with refused_by("revision_turn_while_talking"):
        Revision.objects.filter(pk=proposal.pk).update(
            state="agreed", agreed_at=timezone.now(), agreed_by=cast.leader
        )


@pytest.mark.parametrize(
    "missing",
    [{"proposed_at": None}, {"proposed_by": None}, {"schema_version": None}, {"snapshot": ""}],
)
def test_what_is_proposed_is_frozen_by_somebody_at_a_time(
    cast: Cast, missing: dict[str, object]
) -> None:
    draft = make_draft(cast)
    frozen = {
        "proposed_at": timezone.now(),
        "proposed_by": cast.employee,
        "schema_version": 1,
        "snapshot": "{}",
        **missing,
    }
    sha256 = hashlib.sha256(str(frozen["snapshot"]).encode()).hexdigest()
    with refused_by("revision_is_frozen_once_proposed"):
        Revision.objects.filter(pk=draft.pk).update(state="proposed", sha256=sha256, **frozen)


@pytest.mark.parametrize("missing", ["agreed_at", "agreed_by"])
def test_somebody_agrees_at_a_time(cast: Cast, missing: str) -> None:
    proposal = make_proposal(cast)
    said = {"agreed_at": timezone.now(), "agreed_by": cast.leader, missing: None}
    with refused_by("revision_agreed_by_somebody"):
        Revision.objects.filter(pk=proposal.pk).update(state="agreed", turn="", **said)


def test_what_is_not_signed_has_no_time_of_it(cast: Cast) -> None:
    draft = make_draft(cast)
    with refused_by("revision_signed_has_its_time"):
        Revision.objects.filter(pk=draft.pk).update(signed_at=timezone.now())


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"text": ""}, "commitment_says_what_and_why"),
        ({"why": ""}, "commitment_says_what_and_why"),
        ({"owner": "hr"}, "commitment_has_an_owner"),
    ],
)
def test_a_commitment_says_who_and_what_and_why(
    cast: Cast, change: dict[str, str], constraint: str
) -> None:
    draft = make_draft(cast)
    with refused_by(constraint):
        draft.commitments.update(**change)


def test_a_note_has_words(cast: Cast) -> None:
    draft = make_draft(cast)
    with refused_by("note_has_words"):
        Note.objects.create(revision=draft, author=cast.leader, text="")


def test_an_event_has_its_own_place(cast: Cast) -> None:
    """Also if the trigger were out of the way that gives each event its number."""
    first = make_agreement(cast).evidence.get()
    execute("SET LOCAL session_replication_role = replica")
    with refused_by("event_has_its_place"):
        EvidenceEvent.objects.create(
            agreement=first.agreement,
            number=first.number,
            kind="ended",
            subject=first.subject,
            at=first.at,
            content_sha256="0" * 64,
        )


@pytest.mark.parametrize("missing", ["held_at", "held_by"])
def test_a_conversation_is_held_by_somebody_at_a_time(cast: Cast, missing: str) -> None:
    talk = make_talk(cast)
    said = {"held_at": timezone.now(), "held_by": cast.leader, missing: None}
    with refused_by("follow_up_held_by_somebody"):
        FollowUp.objects.filter(pk=talk.pk).update(**said)


def test_each_has_one_private_note_about_a_conversation(cast: Cast) -> None:
    mine = {"follow_up": make_talk(cast), "author": cast.leader, "written_at": timezone.now()}
    PrivateNote.objects.create(text="Spør om turnusen", **mine)
    with refused_by("person_has_one_private_note_a_follow_up"):
        PrivateNote.objects.create(text="Noe mer", **mine)


def test_a_private_note_has_words(cast: Cast) -> None:
    mine = {"follow_up": make_talk(cast), "author": cast.leader, "written_at": timezone.now()}
    with refused_by("private_note_has_words"):
        PrivateNote.objects.create(text="", **mine)


def test_a_commitment_has_one_word_a_conversation(cast: Cast) -> None:
    talk = make_talk(cast)
    said = {"follow_up": talk, "commitment": talk.revision.commitments.all()[0]}
    Outcome.objects.create(word="kept", **said)
    with refused_by("commitment_has_one_word_a_follow_up"):
        Outcome.objects.create(word="on_the_way", **said)


def test_an_agreement_is_shared_with_one_at_a_time(cast: Cast) -> None:
    agreement, _successor = shared(cast)
    with refused_by("agreement_is_shared_with_one"):
        Share.objects.create(agreement=agreement, with_user=cast.manager, shared_at=timezone.now())


def test_sharing_does_not_end_before_it_begins(cast: Cast) -> None:
    agreement, _successor = shared(cast)
    share = agreement.shares.get()
    with refused_by("share_ends_after_it_begins"):
        Share.objects.filter(pk=share.pk).update(ended_at=share.shared_at - dt.timedelta(seconds=1))


def test_each_prepares_once_for_an_occasion(cast: Cast) -> None:
    mine = make_preparation(cast)
    with refused_by("party_prepares_once_an_occasion"):
        Preparation.objects.create(
            agreement=mine.agreement, party=mine.party, author=cast.employee, occasion=mine.occasion
        )


@pytest.mark.parametrize(
    ("question", "text", "constraint"),
    [
        ("commitment", "Noe annet", "question_is_answered_once"),
        ("leader", "", "answer_has_words"),
        ("weather", "Sol", "answer_is_to_a_question"),
    ],
)
def test_an_answer_has_words_and_its_own_question(
    cast: Cast, question: str, text: str, constraint: str
) -> None:
    mine = make_preparation(cast)
    with refused_by(constraint):
        PreparedAnswer.objects.create(preparation=mine, question=question, text=text)


@pytest.mark.parametrize("field", ["text", "why"])
def test_what_a_leader_commits_to_in_a_round_says_what_and_why(cast: Cast, field: str) -> None:
    begin(cast)
    with refused_by("round_pledge_says_what_and_why"):
        RoundPledge.objects.update(**{field: ""})


def test_each_has_one_unsaved_work_a_form(cast: Cast) -> None:
    mine = {"agreement": make_agreement(cast), "author": cast.employee}
    UnsavedWork.objects.create(typed={}, **mine)
    UnsavedWork.objects.create(typed={}, question="leader", **mine)
    with refused_by("author_has_one_unsaved_work_a_form"):
        UnsavedWork.objects.create(typed={}, **mine)
