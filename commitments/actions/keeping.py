"""After signing: talking about it, and changing it together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from commitments import evidence
from commitments.actions.locking import AgreementRefused, copy_forward, lock_open_agreement
from commitments.models import Agreement, EventKind, FollowUp, Outcome, Revision
from people import audit
from people.models import User


@dataclass(frozen=True)
class Said:
    """What the two said about one commitment."""

    word: str
    why: str = ""


@transaction.atomic
def amend_agreement(*, agreement: Agreement, reason: str, by: User, now: dt.datetime) -> Revision:
    """Begin the next revision from the signed one, which holds until the next is signed.

    Raises AgreementRefused when nothing is signed, or when a change is under way already.
    """
    locked = lock_open_agreement(agreement.pk, by=by)
    newest = locked.revisions.live().with_content().order_by("-number").first()
    if newest is None or not newest.is_signed:
        raise AgreementRefused(_("En endring av avtalen er alt i gang."))
    draft = copy_forward(
        newest,
        turn=locked.party(by),
        reason=reason,
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    evidence.record(EventKind.AMENDED, draft, agreement=locked, by=by, at=now)
    audit.record("commitments.amend_agreement", locked, by=by, revision=draft.number)
    return draft


@transaction.atomic
def hold_follow_up(
    *,
    follow_up: FollowUp,
    said: Mapping[int, Said],
    next_on: dt.date | None,
    by: User,
    now: dt.datetime,
) -> FollowUp:
    """Write down that the two have talked, a word for each commitment, and when they talk next.

    `said` is by the commitments' ids. Raises AgreementRefused when it is held already, or when a
    word is for a commitment of another revision than the one talked about.
    """
    agreement = lock_open_agreement(follow_up.agreement_id, by=by)
    held = FollowUp.objects.filter(pk=follow_up.pk, held_at__isnull=True).update(
        held_at=now, held_by=by
    )
    if not held:
        raise AgreementRefused(_("Samtalen er alt skrevet ned."))
    _write_outcomes(follow_up, said)
    if next_on is not None:
        FollowUp.objects.create(
            agreement=agreement, revision=_newest_signed(agreement), due_on=next_on
        )
    talked = FollowUp.objects.get(pk=follow_up.pk)
    evidence.record(EventKind.TALKED, talked, agreement=agreement, by=by, at=now)
    audit.record("commitments.hold_follow_up", agreement, by=by, follow_up=follow_up.pk)
    return talked


def _write_outcomes(follow_up: FollowUp, said: Mapping[int, Said]) -> None:
    known = set(follow_up.revision.commitments.values_list("pk", flat=True))
    if not set(said) <= known:
        raise AgreementRefused(_("Avtalen er endret siden siden ble åpnet. Last den på nytt."))
    Outcome.objects.bulk_create(
        Outcome(follow_up=follow_up, commitment_id=pk, word=one.word, why=one.why)
        for pk, one in said.items()
    )


def _newest_signed(agreement: Agreement) -> Revision:
    newest: Revision = agreement.revisions.signed().order_by("-number")[:1].get()
    return newest
