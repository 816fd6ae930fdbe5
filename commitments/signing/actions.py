"""Two signatures on one hash, and the document they become."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters, tasks
from commitments.evidence import chain
from commitments.follow_up.actions import take_out_of_calendars
from commitments.locking import AgreementRefused, changed_meanwhile, lock_for_signing, revision_in
from commitments.models import (
    Agreement,
    EventKind,
    FollowUp,
    Medium,
    Method,
    Party,
    Revision,
    RevisionState,
    Signature,
)
from commitments.signing_authority import SigningCapacity
from people import audit
from people.models import User

FRESHNESS = dt.timedelta(minutes=5)
"""How long after proving who they are somebody may sign."""


@dataclass(frozen=True)
class Proof:
    """How, and when, the signer proved who they were."""

    method: Method
    at: dt.datetime

    def is_fresh(self, now: dt.datetime) -> bool:
        return dt.timedelta(0) <= now - self.at <= FRESHNESS


@transaction.atomic
def sign_agreement(
    *,
    revision: Revision,
    sha256: str,
    proof: Proof | None,
    by: User,
    now: dt.datetime,
    paper_signed_on: dt.date | None = None,
) -> Revision:
    """Put one party's signature on the snapshot they read, in any order.

    With `paper_signed_on` it is the party's word that the text was signed on paper that day. For a
    leader on leave a substitute may do it, with both names. The second signature makes the
    revision signed in the same transaction: the next follow-up is planned, both get a letter, and
    the PDF is made by the worker. Signing twice changes nothing. Raises AgreementRefused without a
    fresh proof, when the text is not what was read, and when the other has signed elsewhere.
    """
    if proof is None or not proof.is_fresh(now):
        raise AgreementRefused(_("Bekreft hvem du er rett før du signerer."))
    agreement, seat = lock_for_signing(revision.agreement_id, by=by, now=now)
    current = revision_in(agreement, revision)
    if current.sha256 != sha256 or not (current.is_agreed or current.is_signed):
        raise changed_meanwhile()
    if current.signatures.filter(party=seat.party).exists():
        return current
    _refuse_medium(current, paper_signed_on, now)
    signature = _add_signature(current, proof, seat, paper_signed_on, by=by, now=now)
    audit.record(
        "commitments.sign_agreement",
        agreement,
        by=by,
        on_behalf_of=signature.on_behalf_of,
        revision=current.number,
        method=proof.method,
        medium=signature.medium,
    )
    # Asked anew: `current` was read with its signatures before this one.
    if Signature.objects.filter(revision=current).count() == len(Party):
        _complete(current, by=by, now=now)
    return Revision.objects.get(pk=current.pk)


def _refuse_medium(current: Revision, paper_signed_on: dt.date | None, now: dt.datetime) -> None:
    """Both in the portal, or both on paper on a day between agreeing and telling."""
    other = current.signatures.first()
    if other is not None and other.is_on_paper != (paper_signed_on is not None):
        if other.is_on_paper:
            raise AgreementRefused(
                _("Den andre har signert på papir. Da må du også signere på papir.")
            )
        raise AgreementRefused(_("Den andre har signert i portalen. Da må du også signere her."))
    if paper_signed_on is None or current.agreed_at is None:
        return
    if not timezone.localdate(current.agreed_at) <= paper_signed_on <= timezone.localdate(now):
        raise AgreementRefused(_("Dagen må være etter at dere ble enige, og ikke fram i tid."))


def _add_signature(
    revision: Revision,
    proof: Proof,
    seat: SigningCapacity,
    paper_signed_on: dt.date | None,
    *,
    by: User,
    now: dt.datetime,
) -> Signature:
    leader = revision.agreement.leader if seat.substitution is not None else None
    signature = Signature.objects.create(
        revision=revision,
        signer=by,
        signer_name=by.name,
        party=seat.party,
        on_behalf_of=leader,
        on_behalf_of_name=leader.name if leader is not None else "",
        substitution=seat.substitution,
        medium=Medium.PORTAL if paper_signed_on is None else Medium.PAPER,
        paper_signed_on=paper_signed_on,
        method=proof.method,
        authenticated_at=proof.at,
        signed_at=now,
        sha256=revision.sha256,
    )
    kind = chain.signed_kind(signature)
    chain.record(kind, signature, agreement=revision.agreement, by=by, at=now)
    return signature


def _complete(revision: Revision, *, by: User, now: dt.datetime) -> None:
    is_done = Revision.objects.filter(pk=revision.pk, state=RevisionState.AGREED).update(
        state=RevisionState.SIGNED, signed_at=now
    )
    if not is_done:
        raise changed_meanwhile()
    agreement = revision.agreement
    signed = Revision.objects.get(pk=revision.pk)
    chain.record(EventKind.COMPLETED, signed, agreement=agreement, by=by, at=now)
    _plan_follow_up(agreement, revision, now)
    audit.record("commitments.complete_agreement", agreement, by=by, revision=revision.number)
    for party in agreement.signers:
        letters.write_signed(signed, to=party, signer=by)
    tasks.make_document_soon(revision.pk)


def _plan_follow_up(agreement: Agreement, revision: Revision, now: dt.datetime) -> None:
    """Plan the conversation on the day that was signed, and move the one that was planned.

    What is planned stands with its time and place where no day was signed, the very same one, or
    one that has passed since it was agreed to. One conversation ahead at a time.
    """
    planned = agreement.follow_ups.outstanding()
    planned.update(revision=revision)
    day = revision.follow_up_on
    if day is None or day < timezone.localdate(now) or planned.filter(due_on=day).exists():
        return
    take_out_of_calendars(agreement, why=letters.TakenOut.MOVED, now=now)
    FollowUp.objects.update_or_create(
        agreement=agreement,
        held_at=None,
        lapsed_at=None,
        defaults={"revision": revision, "due_on": day},
    )
