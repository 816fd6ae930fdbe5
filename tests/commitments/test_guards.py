"""What PostgreSQL itself refuses, whatever path one takes around the code.

Each of these goes through when its trigger or constraint is taken away.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from commitments.evidence.sealing import keep_document
from commitments.models import (
    Agreement,
    Commitment,
    Document,
    FollowUp,
    Note,
    Outcome,
    Revision,
    RevisionState,
    Signature,
)
from missions.models import CoreActivity
from tests.cast import Cast
from tests.commitments.factories import (
    LEADERS_TEXT,
    make_agreed,
    make_agreement,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    sign,
)
from tests.missions.factories import make_mission

NEVER = "Cannot (update|delete|truncate)"


def execute(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def is_refused(words: str, sql: str, *params: object) -> None:
    with pytest.raises(DatabaseError, match=words):
        execute(sql, *params)


def frozen(revision: Revision) -> tuple[str, str, list[str], int]:
    now = Revision.objects.get(pk=revision.pk)
    texts = list(now.commitments.values_list("text", flat=True))
    return now.state, now.sha256, texts, now.signatures.count()


# A signed revision


@pytest.mark.parametrize(
    "change",
    [
        "snapshot = '{}'",
        "sha256 = repeat('0', 64)",
        "signed_at = now()",
        "state = 'draft', signed_at = NULL, turn = 'leader'",
        "state = 'superseded', signed_at = NULL",
        "reason = 'x'",
        "follow_up_on = '2030-01-01'",
        "agreed_by_id = NULL",
    ],
)
def test_a_signed_revision_never_changes(cast: Cast, change: str) -> None:
    signed = make_signed(cast)
    before = frozen(signed)
    is_refused(
        "a signed revision never changes",
        f"UPDATE commitments_revision SET {change} WHERE id = %s",  # noqa: S608
        signed.pk,
    )
    assert frozen(signed) == before


def test_a_signed_revision_is_never_deleted(cast: Cast) -> None:
    signed = make_signed(cast)
    is_refused(NEVER, "DELETE FROM commitments_revision WHERE id = %s", signed.pk)
    assert Revision.objects.filter(pk=signed.pk).exists()


def test_a_signed_revisions_commitments_never_change(cast: Cast) -> None:
    signed = make_signed(cast)
    before = frozen(signed)
    only = "only the commitments of a draft change"
    is_refused(
        only, "UPDATE commitments_commitment SET text = 'x' WHERE revision_id = %s", signed.pk
    )
    is_refused(only, "DELETE FROM commitments_commitment WHERE revision_id = %s", signed.pk)
    is_refused(
        only,
        'INSERT INTO commitments_commitment (revision_id, "order", owner, text, why,'
        " core_activity_id, support, signs) SELECT revision_id, 9, owner, 'x', why,"
        " core_activity_id, '', '' FROM commitments_commitment WHERE revision_id = %s LIMIT 1",
        signed.pk,
    )
    assert frozen(signed) == before


def test_a_commitment_does_not_move_into_what_is_signed(cast: Cast) -> None:
    signed = make_signed(cast)
    other = Agreement.objects.create(
        leader=cast.manager, employee=cast.leader, unit=cast.unit, created_by=cast.leader
    )
    draft = Revision.objects.create(
        agreement=other,
        number=1,
        turn="leader",
        mission_version=signed.mission_version,
        edited_by=cast.leader,
    )
    moved = Commitment.objects.create(
        revision=draft,
        order=1,
        owner="leader",
        text="x",
        why="y",
        core_activity=CoreActivity.objects.filter(version=signed.mission_version)[0],
    )
    is_refused(
        "only the commitments of a draft change",
        "UPDATE commitments_commitment SET revision_id = %s WHERE id = %s",
        signed.pk,
        moved.pk,
    )


def test_signatures_are_never_changed_or_deleted(cast: Cast) -> None:
    make_signed(cast)
    is_refused(NEVER, "UPDATE commitments_signature SET signer_name = 'x'")
    is_refused(NEVER, "DELETE FROM commitments_signature")
    assert Signature.objects.count() == 2


def test_nobody_signs_what_is_signed_already(cast: Cast) -> None:
    signed = make_signed(cast)
    is_refused(
        "only a party signs, and only what is agreed",
        "INSERT INTO commitments_signature (revision_id, signer_id, signer_name, party, method,"
        " authenticated_at, signed_at, sha256) SELECT revision_id, signer_id, signer_name, party,"
        " method, authenticated_at, signed_at, sha256 FROM commitments_signature"
        " WHERE revision_id = %s LIMIT 1",
        signed.pk,
    )


@pytest.mark.parametrize(
    "table", ["revision", "commitment", "signature", "note", "document", "outcome", "agreement"]
)
def test_no_table_of_evidence_is_truncated(cast: Cast, table: str) -> None:
    make_signed(cast)
    # Deferred foreign keys would refuse first, and prove nothing about the trigger.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    is_refused(f"Cannot truncate commitments_{table}", f"TRUNCATE commitments_{table} CASCADE")
    assert Revision.objects.count() == 1


def test_the_orm_is_refused_like_everybody_else(cast: Cast) -> None:
    signed = make_signed(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(pk=signed.pk).update(snapshot="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Commitment.objects.filter(revision=signed).update(text="x")


# What leads there


def signature_of(revision: Revision, cast: Cast, **fields: object) -> Signature:
    now = timezone.now()
    values = {
        "revision": revision,
        "signer": cast.leader,
        "signer_name": "Liv Dahl",
        "party": "leader",
        "method": "password",
        "authenticated_at": now,
        "signed_at": now,
        "sha256": revision.sha256,
    }
    return Signature(**{**values, **fields})


@pytest.mark.parametrize("who", ["administrator", "hr", "manager", "stranger", "employee"])
def test_nobody_signs_in_the_leaders_place(cast: Cast, who: str) -> None:
    signature = signature_of(make_agreed(cast), cast, signer=getattr(cast, who))
    with pytest.raises(IntegrityError, match="only a party signs"), transaction.atomic():
        signature.save()


def test_nobody_signs_another_hash(cast: Cast) -> None:
    signature = signature_of(make_agreed(cast), cast, sha256="0" * 64)
    with pytest.raises(IntegrityError, match="only what is agreed"), transaction.atomic():
        signature.save()


@pytest.mark.parametrize("make", [make_draft, make_proposal])
def test_nobody_signs_what_is_not_agreed(cast: Cast, make: object) -> None:
    signature = signature_of(make(cast), cast)  # type: ignore[operator]
    with pytest.raises(IntegrityError, match="only what is agreed"), transaction.atomic():
        signature.save()


def test_a_method_nobody_knows_is_refused(cast: Cast) -> None:
    signature = signature_of(make_agreed(cast), cast, method="")
    with pytest.raises(IntegrityError, match="signature_method_is_known"), transaction.atomic():
        signature.save()


def test_a_signature_before_its_proof_is_refused(cast: Cast) -> None:
    later = timezone.now() + dt.timedelta(minutes=1)
    signature = signature_of(make_agreed(cast), cast, authenticated_at=later)
    with (
        pytest.raises(IntegrityError, match="signature_after_authentication"),
        transaction.atomic(),
    ):
        signature.save()


def test_a_party_signs_once(cast: Cast) -> None:
    agreed = sign(make_agreed(cast), by=cast.leader)
    with pytest.raises(IntegrityError, match="party_signs_a_revision_once"), transaction.atomic():
        signature_of(agreed, cast).save()


def test_one_signature_does_not_make_it_signed(cast: Cast) -> None:
    agreed = sign(make_agreed(cast), by=cast.leader)
    is_refused(
        "signed by both or not at all",
        "UPDATE commitments_revision SET state = 'signed', signed_at = now() WHERE id = %s",
        agreed.pk,
    )


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("draft", "state = 'agreed', turn = ''"),
        ("draft", "state = 'signed', turn = '', signed_at = now()"),
        ("proposed", "state = 'draft'"),
        ("proposed", "state = 'signed', turn = '', signed_at = now()"),
    ],
)
def test_a_revision_goes_its_way_and_no_other(cast: Cast, state: str, change: str) -> None:
    revision = make_draft(cast) if state == "draft" else make_proposal(cast)
    is_refused(
        "a revision does not go from",
        f"UPDATE commitments_revision SET {change} WHERE id = %s",  # noqa: S608
        revision.pk,
    )


@pytest.mark.parametrize("change", ["reason = 'x'", "snapshot = '{}'", "version = 99"])
def test_what_is_proposed_never_changes(cast: Cast, change: str) -> None:
    proposal = make_proposal(cast)
    is_refused(
        "a revision does not go from|what is proposed never changes",
        f"UPDATE commitments_revision SET {change}, state = 'agreed', turn = '',"  # noqa: S608
        " agreed_at = now(), agreed_by_id = proposed_by_id WHERE id = %s",
        proposal.pk,
    )


def test_the_hash_is_the_snapshots(cast: Cast) -> None:
    draft = make_draft(cast)
    is_refused(
        "the hash is not the snapshot",
        "UPDATE commitments_revision SET state = 'proposed', proposed_at = now(),"
        " proposed_by_id = edited_by_id, schema_version = 1, snapshot = '{}',"
        " sha256 = repeat('0', 64) WHERE id = %s",
        draft.pk,
    )


@pytest.mark.parametrize("side", ["leader", "employee"])
def test_a_one_sided_proposal_is_never_agreed(cast: Cast, side: str) -> None:
    proposal = make_proposal(cast, side, "both")
    is_refused(
        "both the leader and the employee commit",
        "UPDATE commitments_revision SET state = 'agreed', turn = '', agreed_at = now(),"
        " agreed_by_id = proposed_by_id WHERE id = %s",
        proposal.pk,
    )


def test_a_revision_begins_as_a_draft(cast: Cast) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        Revision.objects.create(
            agreement=agreement,
            number=2,
            state=RevisionState.WITHDRAWN,
            mission_version=newest(agreement).mission_version,
            edited_by=cast.leader,
        )


def test_an_agreement_has_one_open_revision(cast: Cast) -> None:
    draft = make_draft(cast)
    with pytest.raises(IntegrityError, match="one_open_revision"), transaction.atomic():
        Revision.objects.create(
            agreement=draft.agreement,
            number=2,
            turn="leader",
            mission_version=draft.mission_version,
            edited_by=cast.leader,
        )


def test_a_commitment_hangs_on_the_revisions_own_mission(cast: Cast) -> None:
    draft = make_draft(cast)
    elsewhere = make_mission(cast.other_unit).core_activities.all()[0]
    with pytest.raises(IntegrityError, match="own mission"), transaction.atomic():
        Commitment.objects.filter(revision=draft).update(core_activity=elsewhere)


# The agreement, notes, documents, follow-ups


@pytest.mark.parametrize("column", ["leader_id", "employee_id"])
def test_the_parties_never_change(cast: Cast, column: str) -> None:
    agreement = make_agreement(cast)
    is_refused(
        "Cannot update",
        f"UPDATE commitments_agreement SET {column} = %s WHERE id = %s",  # noqa: S608
        cast.stranger.pk,
        agreement.pk,
    )


def test_two_people_have_one_open_agreement_in_a_unit(cast: Cast) -> None:
    make_agreement(cast)
    with pytest.raises(IntegrityError, match="agreement_is_open_once"), transaction.atomic():
        Agreement.objects.create(
            leader=cast.leader, employee=cast.employee, unit=cast.unit, created_by=cast.leader
        )


def test_nobody_has_an_agreement_with_themselves(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="between_two"), transaction.atomic():
        Agreement.objects.create(
            leader=cast.leader, employee=cast.leader, unit=cast.unit, created_by=cast.leader
        )


def test_nobody_else_begins_an_agreement(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="begun_by_a_party"), transaction.atomic():
        Agreement.objects.create(
            leader=cast.leader, employee=cast.employee, unit=cast.unit, created_by=cast.hr
        )


def test_notes_stay_as_they_were_written(cast: Cast) -> None:
    Note.objects.create(revision=make_draft(cast), author=cast.leader, text=LEADERS_TEXT)
    is_refused(NEVER, "UPDATE commitments_note SET text = 'x'")
    is_refused(NEVER, "DELETE FROM commitments_note")


def test_a_document_stays_as_it_was_made(cast: Cast) -> None:
    keep_document(revision=make_signed(cast), now=timezone.now())
    is_refused(NEVER, "UPDATE commitments_document SET pdf = 'x'")
    is_refused(NEVER, "DELETE FROM commitments_document")


def test_only_what_is_signed_has_a_document(cast: Cast) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    with pytest.raises(IntegrityError, match="only a signed revision"), transaction.atomic():
        Document.objects.create(revision=make_agreed(cast), pdf=b"x", sha256=digest)


def test_a_documents_hash_is_its_own(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="not the document"), transaction.atomic():
        Document.objects.create(revision=make_signed(cast), pdf=b"x", sha256="0" * 64)


def test_a_conversation_that_was_held_stays(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    FollowUp.objects.update(held_at=timezone.now(), held_by=cast.leader)
    is_refused(NEVER, "UPDATE commitments_followup SET due_on = '2030-01-01'")
    is_refused(NEVER, "DELETE FROM commitments_followup")
    assert signed.agreement.follow_ups.count() == 1


def test_what_was_said_stays(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    Outcome.objects.create(
        follow_up=FollowUp.objects.get(), commitment=signed.commitments.all()[0], word="kept"
    )
    is_refused(NEVER, "UPDATE commitments_outcome SET word = 'on_the_way'")
    is_refused(NEVER, "DELETE FROM commitments_outcome")


def test_a_commitment_that_is_let_go_says_why(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    with pytest.raises(IntegrityError, match="let_go_says_why"), transaction.atomic():
        Outcome.objects.create(
            follow_up=FollowUp.objects.get(), commitment=signed.commitments.all()[0], word="let_go"
        )


def test_one_conversation_is_planned_at_a_time(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    with pytest.raises(IntegrityError, match="one_planned_follow_up"), transaction.atomic():
        FollowUp.objects.create(
            agreement=signed.agreement, revision=signed, due_on=timezone.localdate()
        )
