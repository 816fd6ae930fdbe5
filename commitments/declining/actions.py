"""Saying no, and taking a word back: always with a reason that the other reads."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from commitments import letters
from commitments.ending.actions import end_locked, tell_both_that_it_ended
from commitments.evidence import chain
from commitments.locking import changed_meanwhile, copy_forward, lock_open_agreement, revision_in
from commitments.models import (
    Agreement,
    Ending,
    EventKind,
    Note,
    NoteKind,
    Revision,
    RevisionState,
)
from commitments.writing.actions import supersede
from people import audit
from people.models import User


@transaction.atomic
def decline_proposal(*, revision: Revision, reason: str, by: User, now: dt.datetime) -> Agreement:
    """Say no to what is proposed, or to what both had agreed to and not both signed.

    What was signed before holds as it did, and the other gets a letter; where nothing was, the
    agreement ends, and both do. The reason is in no letter, and stands on the page. Raises
    AgreementRefused when it is not proposed to `by`, nor agreed, any more.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    declined = revision_in(agreement, revision)
    is_asked = declined.is_proposed and declined.turn == agreement.party(by)
    if not (is_asked or declined.is_agreed):
        raise changed_meanwhile()
    _withdraw(declined)
    _say(declined, NoteKind.DECLINED, reason, by=by, now=now)
    chain.record(EventKind.DECLINED, declined, agreement=agreement, by=by, at=now)
    audit.record("commitments.decline_proposal", agreement, by=by, revision=declined.number)
    if not agreement.revisions.signed().exists():
        end_locked(agreement, as_=Ending.DECLINED, by=by, now=now)
        return tell_both_that_it_ended(agreement)
    letters.write_declined(declined, to=agreement.counterpart_of(by), by=by)
    return Agreement.objects.get(pk=agreement.pk)


@transaction.atomic
def withdraw_proposal(*, revision: Revision, reason: str, by: User, now: dt.datetime) -> Agreement:
    """Take back one's own proposal, to write on; or let a change that is being drafted be.

    A proposal becomes a draft again, in a copy; a drafted change goes, and what is signed holds.
    The other gets a letter. Raises AgreementRefused when it is neither any more.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    taken_back = revision_in(agreement, revision)
    was_proposed = taken_back.is_proposed
    if taken_back.is_draft and agreement.revisions.signed().exists():
        _withdraw(taken_back)
    elif taken_back.is_proposed and taken_back.proposed_by_id == by.pk:
        supersede(taken_back)
        turn = agreement.party(by)
        copy_forward(taken_back, turn=turn, edited_by=by, edited_at=now, created_at=now)
    else:
        raise changed_meanwhile()
    _say(taken_back, NoteKind.WITHDRAWN, reason, by=by, now=now)
    chain.record(EventKind.WITHDRAWN, taken_back, agreement=agreement, by=by, at=now)
    audit.record("commitments.withdraw_proposal", agreement, by=by, revision=taken_back.number)
    letters.write_withdrawn(
        taken_back, was_proposed=was_proposed, to=agreement.counterpart_of(by), by=by
    )
    return Agreement.objects.get(pk=agreement.pk)


def _withdraw(revision: Revision) -> None:
    is_done = Revision.objects.filter(pk=revision.pk, state=revision.state).update(
        state=RevisionState.WITHDRAWN, turn=""
    )
    if not is_done:
        raise changed_meanwhile()


def _say(revision: Revision, kind: NoteKind, text: str, *, by: User, now: dt.datetime) -> None:
    Note.objects.create(revision=revision, author=by, kind=kind, text=text, created_at=now)
