"""That PostgreSQL keeps rows of two agreements apart, whatever path one takes around the code.

Each of these goes through when its trigger is taken away.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from commitments.models import (
    Agreement,
    Document,
    EventKind,
    EvidenceEvent,
    FollowUp,
    Note,
    Outcome,
    Preparation,
    Revision,
    Share,
    UnsavedWork,
)
from commitments.triggers.pairs import SUBJECTS
from tests.cast import Cast
from tests.commitments.factories import make_agreement, make_draft, make_ready, make_signed
from tests.factories import make_employee

TALK = dt.timedelta(days=30)


def beside(cast: Cast) -> Cast:
    """The same leader with another employee of the same unit."""
    return dataclasses.replace(cast, employee=make_employee(cast.unit, "Åse Berg"))


def refused(words: str, model: type[Model], **values: object) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        model._default_manager.create(**values)


def rows_of(cast: Cast) -> dict[str, Model]:
    """One row of each kind that an event can be about, all of one agreement."""
    make_ready(make_agreement(cast), by=cast.employee)
    signed = make_signed(cast, follow_up_on=timezone.localdate() + TALK)
    agreement = signed.agreement
    document = Document.objects.create(
        revision=signed, pdf=b"x", sha256=hashlib.sha256(b"x").hexdigest(), certificate="0" * 64
    )
    Agreement.objects.filter(pk=agreement.pk).update(leader_access_ended_at=timezone.now())
    share = Share.objects.create(
        agreement=agreement, with_user=cast.manager, shared_at=timezone.now()
    )
    return {
        "agreement": agreement,
        "revision": signed,
        "signature": signed.signatures.all()[0],
        "document": document,
        "preparation": Preparation.objects.get(agreement=agreement),
        "followup": agreement.follow_ups.get(),
        "share": share,
    }


def table_of(kind: EventKind) -> str:
    return next(name for name, kinds in SUBJECTS.items() if kind in kinds)


def test_an_event_in_one_chain_is_about_no_row_of_another_agreement(cast: Cast) -> None:
    """The event lands in a chain that nobody can mend: `verify_evidence` would fail for good."""
    other = rows_of(beside(cast))
    mine = make_draft(cast).agreement
    for kind in EventKind:
        refused(
            "about a row of its own agreement",
            EvidenceEvent,
            agreement=mine,
            kind=kind,
            subject=other[table_of(kind)].pk,
            at=timezone.now(),
            content_sha256="0" * 64,
        )
    assert mine.evidence.count() == 1


def test_every_kind_of_event_says_which_row_it_is_about() -> None:
    assert sorted(kind for kinds in SUBJECTS.values() for kind in kinds) == sorted(EventKind)


def test_a_conversation_is_about_its_own_agreements_text(cast: Cast) -> None:
    other, mine = make_signed(beside(cast)), make_signed(cast)
    day = timezone.localdate() + TALK
    words = "signed revision of its own agreement"
    refused(words, FollowUp, agreement=mine.agreement, revision=other, due_on=day)
    talk = FollowUp.objects.create(agreement=mine.agreement, revision=mine, due_on=day)
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        FollowUp.objects.filter(pk=talk.pk).update(revision=other)


def test_a_conversation_is_about_what_is_signed(cast: Cast) -> None:
    draft = make_draft(cast)
    refused(
        "signed revision of its own agreement",
        FollowUp,
        agreement=draft.agreement,
        revision=draft,
        due_on=timezone.localdate(),
    )


def test_a_word_is_said_of_what_the_conversation_is_about(cast: Cast) -> None:
    other = make_signed(beside(cast))
    mine = make_signed(cast, follow_up_on=timezone.localdate() + TALK)
    refused(
        "a commitment that the conversation is about",
        Outcome,
        follow_up=mine.agreement.follow_ups.get(),
        commitment=other.commitments.all()[0],
        word="kept",
    )


def test_nobody_else_writes_a_note(cast: Cast) -> None:
    draft = make_draft(cast)
    for person in (cast.manager, beside(cast).employee):
        refused("only the two", Note, revision=draft, author=person, text="Hei")


def test_nobody_else_has_something_unsaved(cast: Cast) -> None:
    agreement = make_agreement(cast)
    refused("only the two", UnsavedWork, agreement=agreement, author=cast.manager, typed={})
    kept = UnsavedWork.objects.create(agreement=agreement, author=cast.leader, typed={})
    with pytest.raises(IntegrityError, match="only the two"), transaction.atomic():
        UnsavedWork.objects.filter(pk=kept.pk).update(author=cast.manager)


def test_an_agreement_is_carried_from_ones_own_alone(cast: Cast) -> None:
    """And from one that the former leader has lost sight of."""
    other, mine = make_signed(beside(cast)).agreement, make_signed(cast).agreement
    values = {
        "leader": cast.manager,
        "employee": cast.employee,
        "unit": cast.unit,
        "created_by": cast.employee,
    }
    words = "carried forward from one of the same employee"
    refused(words, Agreement, **values, carried_from=mine)
    Agreement.objects.update(leader_access_ended_at=timezone.now())
    refused(words, Agreement, **values, carried_from=other)
    assert Agreement.objects.create(**values, carried_from=mine).carried_from == mine


def test_a_revision_stays_with_its_agreement(cast: Cast) -> None:
    other, mine = make_draft(beside(cast)), make_draft(cast)
    with pytest.raises(IntegrityError, match="what is proposed never"), transaction.atomic():
        Revision.objects.filter(pk=mine.pk).update(agreement=other.agreement, number=9)
