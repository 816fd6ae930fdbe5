"""`manage.py verify_evidence`: finds what somebody with all powers over the database has done.

Each manipulation is planted with every trigger off, as only the tables' owner can.
"""

# ruff: noqa: S608 (the pieces are this file's own)

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from commitments.evidence.sealing import keep_document
from commitments.evidence.verification import verify_all
from commitments.models import Agreement, EvidenceEvent, Revision
from commitments.substitution.actions import end_substitution
from evidence.canonical import canonical, sha256_of
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_agreement,
    make_signed,
    make_substitution,
    sign,
    sign_on_paper,
)
from tests.commitments.test_evidence import whole_life


def plant(*statements: str, **params: Any) -> None:
    with connection.cursor() as cursor:
        # Rows whose foreign keys are checked at the end would hold up the change of role.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found(**options: Any) -> set[tuple[int, str]]:
    return {(one.agreement, one.what) for one in verify_all(**options)}


@pytest.fixture
def lives(cast: Cast) -> list[Agreement]:
    """Two agreements with whole lives behind them; the second is to be left alone."""
    return [whole_life(cast), whole_life(cast)]


def last_number(agreement: Agreement) -> int:
    return agreement.evidence.count()


BROKEN = "the chain is broken"
NOT_LINKED = "an event is not what was linked"
GAP = "an event is missing or out of order"
HEAD = "the chain does not end at its head"
ROW = "a row is not what it was"
TEXT = "a text is not what its hash says"
PDF = "a document is not what its hash says"
GONE = "what an event is about is gone"
UNKNOWN = "something happened that the chain does not know"
SALT = "a salt is gone, and nothing says that the agreement is erased"
MISSING = "a signature is missing"
SHOWN = "what is shown is not what was frozen"

E = "commitments_evidenceevent"
SIGNATURES = (
    "commitments_signature WHERE revision_id IN"
    " (SELECT id FROM commitments_revision WHERE agreement_id = %(pk)s)"
)
DOCUMENT = "WHERE revision_id IN (SELECT id FROM commitments_revision WHERE agreement_id = %(pk)s)"

MANIPULATIONS: dict[str, tuple[list[str], set[str]]] = {
    "a changed text": (
        [
            "UPDATE commitments_revision SET snapshot = replace(snapshot, 'onsdager', 'fredager')"
            " WHERE agreement_id = %(pk)s"
        ],
        {TEXT},
    ),
    "another text on the page than the one that was frozen": (
        [f"UPDATE commitments_commitment SET text = 'Lover alt' {DOCUMENT} AND owner = 'leader'"],
        {SHOWN},
    ),
    "another goal on the page than the one that was frozen": (
        ["UPDATE commitments_revision SET goals = 'Dobbelt så mye' WHERE agreement_id = %(pk)s"],
        {SHOWN},
    ),
    "a commitment taken off the page": (
        [f"DELETE FROM commitments_commitment {DOCUMENT} AND owner = 'employee'"],
        {SHOWN, ROW},
    ),
    "a changed method": (
        [f"UPDATE commitments_signature SET method = 'webauthn' {DOCUMENT}"],
        {ROW},
    ),
    "a changed time of signing": (
        [f"UPDATE commitments_signature SET signed_at = signed_at + interval '1 hour' {DOCUMENT}"],
        {ROW},
    ),
    "a changed name": (
        [f"UPDATE commitments_signature SET signer_name = 'En Annen' {DOCUMENT}"],
        {ROW},
    ),
    "a deleted event": (
        [
            f"DELETE FROM commitments_evidencesalt WHERE event_id IN (SELECT id FROM {E}"
            " WHERE agreement_id = %(pk)s AND number = 3)",
            f"DELETE FROM {E} WHERE agreement_id = %(pk)s AND number = 3",
        ],
        {GAP, BROKEN, UNKNOWN},
    ),
    "an inserted event": (
        [
            f"INSERT INTO {E} (agreement_id, number, kind, subject, at, content_sha256,"
            " previous_sha256, sha256) SELECT agreement_id, number + 1, 'agreed', 0, at,"
            f" content_sha256, sha256, repeat('a', 64) FROM {E}"
            " WHERE agreement_id = %(pk)s AND number = %(last)s"
        ],
        {NOT_LINKED, HEAD, GONE},
    ),
    "two events in each other's place": (
        [
            f"UPDATE {E} SET number = number + 100"
            " WHERE agreement_id = %(pk)s AND number IN (3, 4)",
            f"UPDATE {E} SET number = 107 - number WHERE agreement_id = %(pk)s AND number > 100",
        ],
        {NOT_LINKED, BROKEN},
    ),
    "a changed document": (
        [f"UPDATE commitments_document SET pdf = pdf || 'x'::bytea {DOCUMENT}"],
        {PDF},
    ),
    "a changed document with its hash": (
        [
            "UPDATE commitments_document SET pdf = pdf || 'x'::bytea,"
            f" sha256 = encode(sha256(pdf || 'x'::bytea), 'hex') {DOCUMENT}"
        ],
        {ROW},
    ),
    "an erased salt": (
        [
            f"DELETE FROM commitments_evidencesalt WHERE event_id IN (SELECT id FROM {E}"
            " WHERE agreement_id = %(pk)s AND kind = 'signed')"
        ],
        {SALT},
    ),
    "a missing signature": (
        [f"DELETE FROM {SIGNATURES} AND party = 'leader'"],
        {MISSING, GONE},
    ),
    "an end that is cut off": (
        [
            f"DELETE FROM commitments_evidencesalt WHERE event_id IN (SELECT id FROM {E}"
            " WHERE agreement_id = %(pk)s AND number = %(last)s)",
            f"DELETE FROM {E} WHERE agreement_id = %(pk)s AND number = %(last)s",
        ],
        {HEAD, UNKNOWN},
    ),
    "an end that is cut off, and the head put where it then is": (
        [
            f"DELETE FROM commitments_evidencesalt WHERE event_id IN (SELECT id FROM {E}"
            " WHERE agreement_id = %(pk)s AND number = %(last)s)",
            f"DELETE FROM {E} WHERE agreement_id = %(pk)s AND number = %(last)s",
            "UPDATE commitments_agreement a SET evidence_number = e.number,"
            f" evidence_sha256 = e.sha256 FROM {E} e WHERE e.agreement_id = a.id"
            " AND a.id = %(pk)s AND e.number = %(last)s - 1",
        ],
        {UNKNOWN},
    ),
    "what was said in a conversation": (
        [
            "UPDATE commitments_outcome SET word = 'kept' WHERE follow_up_id IN"
            " (SELECT id FROM commitments_followup WHERE agreement_id = %(pk)s)"
        ],
        {ROW},
    ),
    "an agreement that is opened again": (
        [
            "UPDATE commitments_agreement SET ended_at = NULL, ended_by_id = NULL, ended_as = ''"
            " WHERE id = %(pk)s"
        ],
        {ROW},
    ),
    "all of the chain gone": (
        [
            f"DELETE FROM commitments_evidencesalt WHERE event_id IN (SELECT id FROM {E}"
            " WHERE agreement_id = %(pk)s)",
            f"DELETE FROM {E} WHERE agreement_id = %(pk)s",
            "UPDATE commitments_agreement SET evidence_number = 0, evidence_sha256 = ''"
            " WHERE id = %(pk)s",
        ],
        {UNKNOWN},
    ),
}


def test_nothing_is_amiss_in_what_was_left_alone(cast: Cast, lives: list[Agreement]) -> None:
    make_agreement(cast)
    assert found() == set()
    said = io.StringIO()
    call_command("verify_evidence", stdout=said)
    assert said.getvalue() == "Nothing is amiss in 3 agreements.\n"


@pytest.mark.parametrize("name", MANIPULATIONS)
def test_a_planted_manipulation_is_found_where_it_is(lives: list[Agreement], name: str) -> None:
    statements, expected = MANIPULATIONS[name]
    victim = lives[0]
    plant(*statements, pk=victim.pk, last=last_number(victim))
    assert found() == {(victim.pk, what) for what in expected}


def test_swapped_documents_are_found_in_both(lives: list[Agreement]) -> None:
    """Each is whole and has its own hash; it is only not the other's."""
    plant(
        "UPDATE commitments_document d SET pdf = o.pdf, sha256 = o.sha256"
        " FROM commitments_document o WHERE o.id <> d.id"
    )
    assert found() == {(one.pk, ROW) for one in lives}


def test_a_text_changed_with_all_of_its_hashes_is_found(lives: list[Agreement]) -> None:
    """The text, its hash and the hash in both signatures agree; the chain does not."""
    revision = Revision.objects.signed().filter(agreement=lives[0])[0]
    forged = canonical(json.loads(revision.snapshot) | {"reason": "Noe ganske annet"})
    plant(
        "UPDATE commitments_revision SET snapshot = %(text)s, sha256 = %(hash)s WHERE id = %(pk)s",
        "UPDATE commitments_signature SET sha256 = %(hash)s WHERE revision_id = %(pk)s",
        text=forged,
        hash=sha256_of(forged),
        pk=revision.pk,
    )
    assert found() == {(lives[0].pk, ROW), (lives[0].pk, SHOWN)}


def test_an_event_put_in_by_the_portals_own_way_is_found(lives: list[Agreement]) -> None:
    """Linked as it should be, and about nothing that is there any more."""
    guard = "pgtrigger_event_is_about_its_agreement_5d49b"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE commitments_evidenceevent DISABLE TRIGGER {guard}")
    EvidenceEvent.objects.create(
        agreement=lives[0], kind="agreed", subject=0, at=timezone.now(), content_sha256="0" * 64
    )
    assert found() == {(lives[0].pk, GONE)}


def test_the_command_names_the_agreement_and_fails(lives: list[Agreement]) -> None:
    statements, _expected = MANIPULATIONS["a changed document"]
    plant(*statements, pk=lives[1].pk)
    said = io.StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_evidence", stdout=said)
    assert said.getvalue().startswith(f"Agreement {lives[1].pk}: {PDF}")


def test_bundles_of_any_size_find_the_same(lives: list[Agreement]) -> None:
    statements, expected = MANIPULATIONS["a deleted event"]
    plant(*statements, pk=lives[1].pk)
    for bundle in (1, 2, 50):
        assert found(bundle=bundle) == {(lives[1].pk, what) for what in expected}


def test_documents_are_hashed_where_they_lie(cast: Cast) -> None:
    """A PDF of 20 MB does not come through Python: memory is a bundle of texts."""
    signed = make_signed(cast)
    keep_document(revision=signed, now=timezone.now())
    plant("UPDATE commitments_document SET pdf = decode(repeat('00', 20000000), 'hex')")
    tracemalloc.start()
    assert found() == {(signed.agreement_id, PDF)}
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.django_db(transaction=True)
def test_each_bundle_is_read_as_of_one_moment(cast: Cast) -> None:
    make_signed(cast)
    assert found(bundle=1) == set()
    assert User.objects.exists()


# A substitute's signature, and signatures on paper


@pytest.fixture
def signed_for(cast: Cast, lives: list[Agreement]) -> Agreement:
    """By a substitute, whose substitution has been ended since as it may be."""
    held = make_substitution(cast)
    signed = sign(sign(make_agreed(cast), by=cast.stranger), by=cast.employee)
    end_substitution(substitution=held, by=cast.leader, now=timezone.now())
    return signed.agreement


@pytest.fixture
def on_paper(cast: Cast, lives: list[Agreement]) -> Agreement:
    half = sign_on_paper(make_agreed(cast), by=cast.employee)
    return sign_on_paper(half, by=cast.leader).agreement


FOR_LEADER = f"UPDATE commitments_signature SET {{}} {DOCUMENT} AND party = 'leader'"
SUBSTITUTION = (
    "UPDATE people_substitution SET {} WHERE id IN (SELECT substitution_id FROM"
    f" commitments_signature {DOCUMENT})"
)

FOR_A_LEADER: dict[str, tuple[str, set[str]]] = {
    "signed for another leader": (FOR_LEADER.format("on_behalf_of_id = %(other)s"), {ROW}),
    "another name of the leader": (FOR_LEADER.format("on_behalf_of_name = 'En Annen'"), {ROW}),
    "as if the leader had signed": (
        FOR_LEADER.format(
            "signer_id = on_behalf_of_id, signer_name = on_behalf_of_name,"
            " on_behalf_of_id = NULL, on_behalf_of_name = '', substitution_id = NULL"
        ),
        {ROW, UNKNOWN},
    ),
    "as if on paper": (
        FOR_LEADER.format("medium = 'paper', paper_signed_on = '2026-01-01'"),
        {ROW},
    ),
    "a substitution for longer": (SUBSTITUTION.format("valid_to = valid_to + 30"), {ROW}),
    "a substitution from before": (SUBSTITUTION.format("valid_from = valid_from - 30"), {ROW}),
    "a substitution of another": (SUBSTITUTION.format("substitute_id = %(other)s"), {ROW}),
    "a substitution elsewhere": (SUBSTITUTION.format("unit_id = %(unit)s"), {ROW}),
    "a substitution named by another": (SUBSTITUTION.format("named_by_id = %(other)s"), {ROW}),
    "a substitution named earlier": (
        SUBSTITUTION.format("named_at = named_at - interval '1 day'"),
        {ROW},
    ),
}


@pytest.mark.parametrize("name", FOR_A_LEADER)
def test_what_is_planted_about_a_substitute_is_found(
    cast: Cast, signed_for: Agreement, name: str
) -> None:
    assert found() == set()
    statement, expected = FOR_A_LEADER[name]
    plant(statement, pk=signed_for.pk, other=cast.hr.pk, unit=cast.other_unit.pk)
    assert found() == {(signed_for.pk, what) for what in expected}


ON_PAPER: dict[str, tuple[str, set[str]]] = {
    "another day": (FOR_LEADER.format("paper_signed_on = paper_signed_on - 3"), {ROW}),
    "as if in the portal": (
        FOR_LEADER.format("medium = 'portal', paper_signed_on = NULL"),
        {ROW, UNKNOWN},
    ),
}


@pytest.mark.parametrize("name", ON_PAPER)
def test_what_is_planted_about_a_paper_is_found(on_paper: Agreement, name: str) -> None:
    assert found() == set()
    statement, expected = ON_PAPER[name]
    plant(statement, pk=on_paper.pk)
    assert found() == {(on_paper.pk, what) for what in expected}


def test_a_signature_in_the_portal_made_to_look_like_paper_is_found(
    lives: list[Agreement],
) -> None:
    """The older kind of event does not speak of the medium; the newer one is missing."""
    plant(FOR_LEADER.format("medium = 'paper', paper_signed_on = '2026-01-01'"), pk=lives[0].pk)
    assert found() == {(lives[0].pk, UNKNOWN)}
