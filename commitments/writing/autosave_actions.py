"""Keeping what is typed and not saved, for its author alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.locking import AgreementRefused
from commitments.models import Agreement, UnsavedWork
from people.models import User

LARGEST = 200_000


@transaction.atomic
def keep_unsaved(
    *, agreement: Agreement, typed: dict[str, str], by: User, now: dt.datetime, question: str = ""
) -> UnsavedWork:
    """Overwrites what the same person had in the same form, the draft's unless told otherwise.
    No one is told, and the audit trail does not know.

    Raises AgreementRefused for more than anybody types.
    """
    if sum(len(name) + len(value) for name, value in typed.items()) > LARGEST:
        raise AgreementRefused(_("Teksten er for lang til å mellomlagres."))
    kept, _is_new = UnsavedWork.objects.update_or_create(
        agreement=agreement,
        author=by,
        question=question,
        defaults={"typed": typed, "saved_at": now},
    )
    return kept


def forget_unsaved(agreement: Agreement, *, by: User | None = None, question: str = "") -> None:
    """What `by` had not saved in one form; all of everybody's when the conversation is over."""
    unsaved = UnsavedWork.objects.filter(agreement=agreement)
    (unsaved if by is None else unsaved.filter(author=by, question=question)).delete()
