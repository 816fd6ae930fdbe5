"""After signing: changing it together."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.evidence import chain
from commitments.locking import AgreementRefused, copy_forward, lock_open_agreement
from commitments.models import Agreement, EventKind, Revision
from people import audit
from people.models import User


@transaction.atomic
def amend_agreement(*, agreement: Agreement, reason: str, by: User, now: dt.datetime) -> Revision:
    """Begin the next revision from the signed one, which holds until the next is signed.

    Raises AgreementRefused when nothing is signed, or when a change is under way already.
    """
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    newest = locked.revisions.live().with_content().order_by("-number").first()
    if newest is None or not newest.is_signed:
        raise AgreementRefused(_("En endring av avtalen er allerede i gang."))
    draft = copy_forward(
        newest,
        turn=locked.party(by),
        reason=reason,
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    chain.record(EventKind.AMENDED, draft, agreement=locked, by=by, at=now)
    audit.record("commitments.amend_agreement", locked, by=by, revision=draft.number)
    return draft
