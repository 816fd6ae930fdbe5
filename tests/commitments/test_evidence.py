"""The chain of evidence: written by each action, linked by the database, and never changed."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.ending.actions import end_agreement
from commitments.evidence import chain
from commitments.evidence.sealing import keep_document
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.locking import AgreementRefused
from commitments.models import Agreement, EventKind, EvidenceEvent, EvidenceSalt, Revision
from commitments.proposing.actions import agree_to_proposal, send_back_proposal
from evidence.canonical import salted_sha256
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreement,
    make_proposal,
    make_signed,
    newest,
)


def kinds(agreement: Agreement) -> list[str]:
    return [one.kind for one in agreement.evidence.order_by("number")]


def is_refused(words: str, sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing else may stand in the way
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            cursor.execute(sql, params)


def whole_life(cast: Cast) -> Agreement:
    now = timezone.now()
    signed = make_signed(cast, follow_up_on=timezone.localdate() + dt.timedelta(days=9))
    keep_document(revision=signed, now=now)
    talk = signed.agreement.follow_ups.get()
    said = {one.pk: Said("let_go", "Ny turnus") for one in signed.commitments.all()}
    hold_follow_up(follow_up=talk, said=said, next_on=None, by=cast.leader, now=now)
    amend_agreement(agreement=signed.agreement, reason="Ny turnus", by=cast.employee, now=now)
    return end_agreement(agreement=signed.agreement, reason="Ny stilling", by=cast.leader, now=now)


def test_each_action_adds_its_event(cast: Cast) -> None:
    agreement = whole_life(cast)
    assert kinds(agreement) == [
        "started",
        "proposed",
        "agreed",
        "signed",
        "signed",
        "completed",
        "sealed",
        "talked",
        "amended",
        "retained",
        "ended",
    ]
    actors = list(agreement.evidence.order_by("number").values_list("actor", flat=True))
    assert actors[:4] == [cast.employee.pk, cast.employee.pk, cast.leader.pk, cast.employee.pk]
    assert actors[6] is None


def test_sending_back_adds_its_event(cast: Cast) -> None:
    proposal = make_proposal(cast)
    send_back_proposal(revision=proposal, note="Ikke ennå", by=cast.leader, now=timezone.now())
    assert kinds(proposal.agreement) == ["started", "proposed", "sent_back"]


def test_what_is_refused_adds_nothing(cast: Cast) -> None:
    proposal = make_proposal(cast)
    with pytest.raises(AgreementRefused):
        agree_to_proposal(revision=proposal, sha256="0" * 64, by=cast.leader, now=timezone.now())
    assert kinds(proposal.agreement) == ["started", "proposed"]


def test_each_event_is_linked_to_the_one_before_and_the_last_is_the_head(cast: Cast) -> None:
    agreement = whole_life(cast)
    events = list(agreement.evidence.order_by("number"))
    assert [one.number for one in events] == list(range(1, 12))
    assert [one.sha256 for one in events] == [chain.link_hash(one) for one in events]
    assert [one.previous_sha256 for one in events] == ["", *[one.sha256 for one in events[:-1]]]
    agreement.refresh_from_db()
    assert (agreement.evidence_number, agreement.evidence_sha256) == (11, events[-1].sha256)


def test_the_database_links_whatever_a_program_says(cast: Cast) -> None:
    agreement = make_agreement(cast)
    made = EvidenceEvent.objects.create(
        agreement=agreement,
        number=99,
        kind="ended",
        subject=agreement.pk,
        at=timezone.now(),
        content_sha256="0" * 64,
        previous_sha256="f" * 64,
        sha256="f" * 64,
    )
    made.refresh_from_db()
    assert (made.number, made.sha256) == (2, chain.link_hash(made))
    assert made.previous_sha256 == agreement.evidence.get(number=1).sha256


def test_the_content_is_hashed_with_a_salt_of_its_own(cast: Cast) -> None:
    agreement = make_agreement(cast)
    event = agreement.evidence.get()
    facts = chain.FACTS[EventKind.STARTED](agreement)
    assert event.content_sha256 == salted_sha256(event.salt.value, facts)
    assert event.content_sha256 != salted_sha256("", facts)
    assert len(event.salt.value) == 32


# What the database refuses


def test_an_event_never_changes_and_never_goes(cast: Cast) -> None:
    make_agreement(cast)
    never = "Cannot (update|delete|truncate)"
    is_refused(never, "UPDATE commitments_evidenceevent SET kind = 'ended'")
    is_refused(never, "DELETE FROM commitments_evidenceevent")
    is_refused(
        "Cannot truncate commitments_evidenceevent", "TRUNCATE commitments_evidenceevent CASCADE"
    )
    assert EvidenceEvent.objects.count() == 1


def test_a_salt_never_changes_and_does_not_go(cast: Cast) -> None:
    """But with an erased agreement: tests/commitments/test_erasing.py."""
    make_agreement(cast)
    is_refused("Cannot update", "UPDATE commitments_evidencesalt SET value = 'x'")
    is_refused("Cannot truncate", "TRUNCATE commitments_evidencesalt")
    is_refused("a salt goes when", "DELETE FROM commitments_evidencesalt")
    assert EvidenceSalt.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "evidence_number = 0, evidence_sha256 = ''",
        "evidence_number = evidence_number + 1",
        "evidence_sha256 = repeat('0', 64)",
    ],
)
def test_the_head_moves_with_an_event_alone(cast: Cast, change: str) -> None:
    make_agreement(cast)
    is_refused(
        "the head of the evidence",
        f"UPDATE commitments_agreement SET {change}",  # noqa: S608
    )


def test_an_agreement_begins_without_evidence(cast: Cast) -> None:
    ended = whole_life(cast)
    with pytest.raises(DatabaseError, match="begins without evidence"), transaction.atomic():
        Agreement.objects.create(
            leader=ended.leader,
            employee=ended.employee,
            unit=ended.unit,
            created_by=ended.leader,
            evidence_number=1,
        )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("event_happens_once", "'started', {pk}, repeat('0', 64)"),
        ("an event is about a row of its own", "'forged', {pk}, repeat('0', 64)"),
        ("event_hash_is_one", "'ended', {pk}, 'x'"),
    ],
)
def test_an_event_is_what_it_may_be(cast: Cast, name: str, values: str) -> None:
    agreement = make_agreement(cast)
    is_refused(
        name,
        "INSERT INTO commitments_evidenceevent"  # noqa: S608
        " (agreement_id, number, previous_sha256, sha256, at, kind, subject, content_sha256)"
        f" VALUES (%s, 0, '', '', now(), {values.format(pk=agreement.pk)})",
        agreement.pk,
    )


def test_a_document_is_sealed(cast: Cast) -> None:
    signed = make_signed(cast)
    is_refused(
        "document_is_sealed",
        "INSERT INTO commitments_document"
        " (revision_id, pdf, sha256, certificate, timestamped_by, created_at)"
        " VALUES (%s, 'x', %s, '', '', now())",
        signed.pk,
        hashlib.sha256(b"x").hexdigest(),
    )
    assert newest(signed.agreement).is_signed
    assert Revision.objects.without_document().get() == signed
