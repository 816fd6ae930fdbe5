"""What an agreement says besides its commitments: kept, frozen, copied forward, shown, printed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from commitments.drafts import AgreementContent, Promise
from commitments.evidence import snapshot
from commitments.evidence.pdf import render_document
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import WORDING, Commitment, Revision
from commitments.proposing.actions import send_back_proposal
from commitments.writing.actions import save_draft
from evidence.canonical import canonical, sha256_of
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreement,
    make_draft,
    make_promise,
    make_proposal,
    make_signed,
    newest,
    propose,
    save,
)
from tests.commitments.test_pdf import words_of
from tests.commitments.test_verify_evidence import plant
from tests.commitments.test_views import row_of, text_of, typed, url

SignedIn = Callable[[User], Client]

SAID = {
    "goals": "Alle skal ha svar innen to dager",
    "put_off": "Månedsrapporten",
    "upward": "Om vi kan ansette en vikar",
    "renegotiate_when": "Turnusen legges om",
    "disagreement": "Vi ser ulikt på nattevaktene",
}
ROOM = "Avgjør selv rekkefølgen på besøkene"


def wording_of(revision: Revision) -> dict[str, str]:
    return {name: getattr(revision, name) for name in WORDING}


def threads_of(revision: Revision) -> dict[str, uuid.UUID]:
    return {one.owner: one.thread for one in revision.commitments.all()}


def test_edit_keeps_the_words_about_the_whole(cast: Cast, signed_in: SignedIn) -> None:
    draft = newest(make_agreement(cast))
    data = typed(draft, row_of(draft, room=ROOM), **SAID)
    signed_in(cast.leader).post(url("edit", draft), data)
    saved = newest(draft.agreement)
    assert wording_of(saved) == SAID
    assert [one.room for one in saved.commitments.all()] == [ROOM]


def test_edit_shows_again_what_was_said(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast, **SAID)
    page = signed_in(cast.employee).get(url("edit", draft))
    shown = page.context["editor"]
    assert {name: shown.settings[name].value() for name in WORDING} == SAID
    threads = {row["owner"].value(): uuid.UUID(row["thread"].value()) for row in shown.rows}
    assert threads == threads_of(draft)


@pytest.mark.parametrize("name", ["detail", "agree", "send_back"])
def test_all_that_was_said_is_read_on_each_page(cast: Cast, signed_in: SignedIn, name: str) -> None:
    page = text_of(signed_in(cast.leader).get(url(name, make_proposal(cast, **SAID))))
    assert [words for words in SAID.values() if words not in page] == []
    assert "Mål lederen har satt" in page


def test_a_counter_proposal_goes_on_from_the_same_words_and_threads(cast: Cast) -> None:
    proposal = make_proposal(cast, **SAID)
    send_back_proposal(revision=proposal, note="x", by=cast.leader, now=timezone.now())
    draft = newest(proposal.agreement)
    assert (draft.number, wording_of(draft)) == (2, SAID)
    assert threads_of(draft) == threads_of(proposal)


def test_the_same_promise_keeps_its_thread_through_saves(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    before = threads_of(draft)
    data = typed(draft, row_of(draft, text="Annerledes", thread=before["leader"]))
    signed_in(cast.leader).post(url("edit", draft), data)
    after = newest(draft.agreement)
    assert [(one.text, one.thread) for one in after.commitments.all()] == [
        ("Annerledes", before["leader"])
    ]


def test_two_promises_with_one_thread_get_their_own(cast: Cast, signed_in: SignedIn) -> None:
    draft = newest(make_agreement(cast))
    thread = uuid.uuid4()
    rows = [row_of(draft, thread=thread), row_of(draft, "employee", thread=thread)]
    signed_in(cast.leader).post(url("edit", draft), typed(draft, *rows))
    threads = threads_of(newest(draft.agreement))
    assert threads["leader"] == thread
    assert threads["employee"] not in (thread, None)


def test_a_thread_that_is_none_is_told_and_not_a_crash(cast: Cast, signed_in: SignedIn) -> None:
    draft = newest(make_agreement(cast))
    data = typed(draft, row_of(draft, thread="tull"))
    page = signed_in(cast.leader).post(url("edit", draft), data)
    assert page.status_code == 200
    assert newest(draft.agreement).version == 1


@pytest.mark.parametrize("name", WORDING)
def test_the_words_of_a_proposal_never_change(cast: Cast, name: str) -> None:
    proposal = make_proposal(cast, **SAID)
    with pytest.raises(DatabaseError, match="what is proposed never"):
        Revision.objects.filter(pk=proposal.pk).update(
            state="agreed",
            turn="",
            agreed_at=timezone.now(),
            agreed_by=cast.leader,
            **{name: "Noe annet"},
        )


# A commitment that waits for its core activity


def unplaced(cast: Cast) -> Revision:
    """A draft with a commitment that hangs on nothing yet."""
    draft = newest(make_agreement(cast))
    promise = make_promise("leader", draft.mission_version)
    waiting = Promise(owner="leader", text=promise.text, why="y", core_activity_id=None)
    save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent([waiting]),
        by=cast.leader,
        now=timezone.now(),
    )
    return newest(draft.agreement)


def test_a_draft_waits_for_its_activity_and_says_so(cast: Cast, signed_in: SignedIn) -> None:
    draft = unplaced(cast)
    assert "Ikke valgt ennå" in text_of(signed_in(cast.leader).get(url("detail", draft)))
    with pytest.raises(AgreementRefused, match="Velg kjerneaktivitet"):
        propose(draft, by=cast.leader)


def test_the_database_lets_nothing_be_proposed_without_its_activity(cast: Cast) -> None:
    draft = unplaced(cast)
    with pytest.raises(DatabaseError, match="hangs on the mission"), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(
            state="proposed",
            turn="employee",
            proposed_at=timezone.now(),
            proposed_by=cast.leader,
            schema_version=2,
            snapshot="{}",
            sha256=sha256_of("{}"),
        )


def test_the_database_keeps_one_promise_a_thread(cast: Cast) -> None:
    draft = make_draft(cast)
    first = draft.commitments.all()[0]
    with pytest.raises(DatabaseError, match="commitment_is_one_of_its_thread"):
        Commitment.objects.filter(revision=draft).update(thread=first.thread)


# What is signed and printed


def test_the_snapshot_says_it_all(cast: Cast) -> None:
    proposal = make_proposal(cast, **SAID)
    content = json.loads(proposal.snapshot)
    assert {name: content[name] for name in WORDING} == SAID
    assert {one["owner"]: uuid.UUID(one["thread"]) for one in content["commitments"]} == (
        threads_of(proposal)
    )


def test_the_document_says_it_all(cast: Cast) -> None:
    words = words_of(render_document(make_signed(cast, **SAID)))
    assert [said for said in SAID.values() if said not in words] == []
    assert "Mål Liv Dahl har satt som leder" in words


def test_the_document_is_silent_about_what_nobody_said(cast: Cast) -> None:
    words = words_of(render_document(make_signed(cast)))
    assert "Mål Liv Dahl" not in words
    assert "Rammene rundt" not in words


def as_version_1(signed: Revision) -> Revision:
    """What was signed before the schema knew more."""
    content: dict[str, Any] = json.loads(signed.snapshot)
    for name in WORDING:
        del content[name]
    for one in content["commitments"]:
        del one["room"], one["thread"]
    frozen = canonical(content | {"schema_version": 1})
    plant(
        "UPDATE commitments_revision SET schema_version = 1, snapshot = %(text)s,"
        " sha256 = %(hash)s WHERE id = %(pk)s",
        "UPDATE commitments_signature SET sha256 = %(hash)s WHERE revision_id = %(pk)s",
        text=frozen,
        hash=sha256_of(frozen),
        pk=signed.pk,
    )
    return newest(signed.agreement)


def test_version_1_is_still_read_verified_and_printed(cast: Cast) -> None:
    old = as_version_1(make_signed(cast))
    content = snapshot.read(old)
    assert (content["schema_version"], content["goals"]) == (1, "")
    assert [one["room"] for one in content["commitments"]] == ["", ""]
    assert snapshot.says_what_rows_say(old)
    assert "skjema lederportalen.agreement, versjon 1" in words_of(render_document(old))
    whats = {one.what for one in verify_all()}
    assert whats == {"a row is not what it was"}, "the chain alone, which was not planted"


def test_words_put_into_version_1_afterwards_are_found(cast: Cast) -> None:
    old = as_version_1(make_signed(cast))
    plant("UPDATE commitments_commitment SET room = 'x' WHERE revision_id = %(pk)s", pk=old.pk)
    assert not snapshot.says_what_rows_say(newest(old.agreement))


def test_each_row_there_was_before_got_a_thread_of_its_own(cast: Cast) -> None:
    """The database gives it, so that adding the column made no two alike."""
    draft = make_draft(cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE commitments_commitment SET thread = DEFAULT WHERE revision_id = %s", [draft.pk]
        )
    assert len(set(draft.commitments.values_list("thread", flat=True))) == 2


def test_saving_again_keeps_what_was_said(cast: Cast) -> None:
    draft = make_draft(cast, **SAID)
    assert wording_of(save(draft, by=cast.leader, **SAID)) == SAID
