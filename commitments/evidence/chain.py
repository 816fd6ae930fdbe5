"""Writing the chain of evidence, and the words that each kind of event is a hash of.

Both the actions and `manage.py verify_evidence` take the facts from here, from rows alone: what is
not in a row when it is written cannot be compared with anything later.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any, Final

from django.db.models import Model

from commitments.models import (
    Agreement,
    Document,
    EventKind,
    EvidenceEvent,
    EvidenceSalt,
    FollowUp,
    Preparation,
    Revision,
    Share,
    Signature,
)
from evidence.canonical import salted_sha256, sha256_of
from people.models import Substitution, User

Facts = dict[str, Any]


def record(
    kind: EventKind, subject: Model, *, agreement: Agreement, by: User | None, at: dt.datetime
) -> None:
    """Add one link, in the caller's transaction. `subject` is as the database has it now."""
    salt = secrets.token_hex(16)
    event = EvidenceEvent.objects.create(
        agreement=agreement,
        kind=kind,
        subject=subject.pk,
        actor=by,
        at=at,
        content_sha256=salted_sha256(salt, FACTS[kind](subject)),
    )
    EvidenceSalt.objects.create(event=event, value=salt)


def link_hash(event: EvidenceEvent) -> str:
    """What PostgreSQL computes in `commitments/triggers/agreements.py`, computed once more."""
    parts = [
        "lederportalen.evidence.1",
        event.agreement_id,
        event.number,
        event.kind,
        event.subject,
        event.actor_id or 0,
        _moment(event.at),
        event.content_sha256,
        event.previous_sha256,
    ]
    return sha256_of("|".join(map(str, parts)))


def _moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def _started(agreement: Agreement) -> Facts:
    return {
        "leader": agreement.leader_id,
        "employee": agreement.employee_id,
        "unit": agreement.unit_id,
        "by": agreement.created_by_id,
        "at": _moment(agreement.created_at),
    }


def _proposed(revision: Revision) -> Facts:
    return _text(revision) | {
        "by": revision.proposed_by_id,
        "at": _moment(revision.proposed_at),
    }


def _revealed(preparation: Preparation) -> Facts:
    answers = sorted((one.question, one.text) for one in preparation.answers.all())
    return {
        "party": preparation.party,
        "author": preparation.author_id,
        "answers": [list(one) for one in answers],
    }


def _text(revision: Revision) -> Facts:
    return {"revision": revision.number, "sha256": revision.sha256}


def _agreed(revision: Revision) -> Facts:
    return _text(revision) | {"by": revision.agreed_by_id, "at": _moment(revision.agreed_at)}


def _signed(signature: Signature) -> Facts:
    return {
        "revision": signature.revision_id,
        "sha256": signature.sha256,
        "party": signature.party,
        "signer": signature.signer_id,
        "name": signature.signer_name,
        "method": signature.method,
        "authenticated_at": _moment(signature.authenticated_at),
        "at": _moment(signature.signed_at),
    }


def _signed_fully(signature: Signature) -> Facts:
    """By a substitute, or on paper: with what the plain kind, which is older, does not speak of."""
    day = signature.paper_signed_on
    return _signed(signature) | {
        "on_behalf_of": signature.on_behalf_of_id,
        "on_behalf_of_name": signature.on_behalf_of_name,
        "substitution": _substitution(signature.substitution),
        "medium": signature.medium,
        "paper_signed_on": day.isoformat() if day else None,
    }


def _substitution(substitution: Substitution | None) -> Facts | None:
    """What let the substitute sign. That it ends later is no part of it."""
    if substitution is None:
        return None
    last = substitution.valid_to
    return {
        "substitution": substitution.pk,
        "leader": substitution.leader_id,
        "substitute": substitution.substitute_id,
        "unit": substitution.unit_id,
        "from": substitution.valid_from.isoformat(),
        "to": last.isoformat() if last else None,
        "named_by": substitution.named_by_id,
        "named_at": _moment(substitution.named_at),
    }


def signed_kind(signature: Signature) -> EventKind:
    """Which event a signature comes with: what it says beyond the plain one must be proven too."""
    if signature.on_behalf_of_id is not None:
        return EventKind.SIGNED_FOR
    return EventKind.ON_PAPER if signature.is_on_paper else EventKind.SIGNED


def _completed(revision: Revision) -> Facts:
    return _text(revision) | {"state": revision.state, "at": _moment(revision.signed_at)}


def _sealed(document: Document) -> Facts:
    return {
        "revision": document.revision_id,
        "sha256": document.sha256,
        "certificate": document.certificate,
        "timestamped_by": document.timestamped_by,
        "at": _moment(document.created_at),
    }


def _lapsed(revision: Revision) -> Facts:
    day = revision.lapses_on
    return {"revision": revision.number, "lapses_on": day.isoformat() if day else None}


def _amended(revision: Revision) -> Facts:
    return {"revision": revision.number, "at": _moment(revision.created_at)}


def _talked(follow_up: FollowUp) -> Facts:
    outcomes = sorted(follow_up.outcomes.all(), key=lambda one: one.commitment_id)
    # Conversations from before there were notes were hashed without them.
    notes = {"notes": follow_up.notes} if follow_up.notes else {}
    return {
        **notes,
        "revision": follow_up.revision_id,
        "by": follow_up.held_by_id,
        "at": _moment(follow_up.held_at),
        "said": [[one.commitment_id, one.word, one.why] for one in outcomes],
    }


def _ended(agreement: Agreement) -> Facts:
    return {"by": agreement.ended_by_id, "at": _moment(agreement.ended_at)}


def _retained(agreement: Agreement) -> Facts:
    day = agreement.erases_on
    return {"erases_on": day.isoformat() if day else None}


def _parted(agreement: Agreement) -> Facts:
    return {"at": _moment(agreement.leader_access_ended_at)}


def _shared(share: Share) -> Facts:
    return {"with": share.with_user_id, "at": _moment(share.shared_at)}


def _erased(agreement: Agreement) -> Facts:
    return {"agreement": agreement.pk}


TELLS_NOTHING: Final = (EventKind.RETAINED, EventKind.ENDED, EventKind.ERASED)
"""Ids and times alone: their salts stay when an agreement is erased, so that it can be seen that
the time had come."""

FACTS: Final[dict[EventKind, Callable[[Any], Facts]]] = {
    EventKind.STARTED: _started,
    EventKind.REVEALED: _revealed,
    EventKind.PROPOSED: _proposed,
    EventKind.SENT_BACK: _text,
    EventKind.DECLINED: _text,
    EventKind.WITHDRAWN: _text,
    EventKind.LAPSED: _lapsed,
    EventKind.AGREED: _agreed,
    EventKind.SIGNED: _signed,
    EventKind.SIGNED_FOR: _signed_fully,
    EventKind.ON_PAPER: _signed_fully,
    EventKind.COMPLETED: _completed,
    EventKind.SEALED: _sealed,
    EventKind.AMENDED: _amended,
    EventKind.RENEWED: _amended,
    EventKind.TALKED: _talked,
    EventKind.PARTED: _parted,
    EventKind.SHARED: _shared,
    EventKind.RETAINED: _retained,
    EventKind.ENDED: _ended,
    EventKind.ERASED: _erased,
}
