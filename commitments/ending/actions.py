"""When the conversation is over: ended by one of the two, or by what becomes of them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from commitments import letters
from commitments.evidence import chain
from commitments.follow_up.actions import take_out_of_calendars
from commitments.locking import lock_open_agreement
from commitments.models import Agreement, Ending, EventKind, Note, NoteKind, RevisionState
from commitments.preparing.actions import forget_unshared
from commitments.writing.autosave_actions import forget_unsaved
from people import audit
from people.models import User


@transaction.atomic
def end_agreement(*, agreement: Agreement, reason: str, by: User, now: dt.datetime) -> Agreement:
    """Decline what is not signed, or let go of what is: nothing signed goes, and nobody adds to it.

    Both get a letter without the reason, which stands on the page, and with the day of erasure.
    """
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    newest = locked.revisions.live().order_by("-number")[:1].get()
    Note.objects.create(
        revision=newest, author=by, kind=NoteKind.ENDED, text=reason, created_at=now
    )
    locked.revisions.open().update(state=RevisionState.WITHDRAWN, turn="")
    take_out_of_calendars(locked, why=letters.TakenOut.ENDED, now=now)
    end_locked(locked, as_=Ending.ENDED, by=by, now=now)
    audit.record("commitments.end_agreement", locked, by=by)
    return tell_both_that_it_ended(locked)


def tell_both_that_it_ended(agreement: Agreement) -> Agreement:
    """Write to both how it ended and when it is erased, and return the agreement as it is now."""
    ended = Agreement.objects.with_people().select_related("ended_by").get(pk=agreement.pk)
    letters.write_ended(ended)
    return ended


def end_locked(
    agreement: Agreement,
    *,
    as_: Ending,
    by: User | None,
    now: dt.datetime,
    merged_into: Agreement | None = None,
) -> None:
    """End what is locked already, with its links in the evidence and the day it is to be erased.

    What one has not saved goes, and what the two never showed each other.
    """
    forget_unshared(agreement)
    forget_unsaved(agreement)
    kept = dt.timedelta(days=round(settings.AGREEMENT_RETENTION_YEARS * 365.25))
    Agreement.objects.filter(pk=agreement.pk).update(
        ended_at=now,
        ended_by=by,
        ended_as=as_,
        erases_on=timezone.localdate(now) + kept,
        merged_into=merged_into,
    )
    ended = Agreement.objects.get(pk=agreement.pk)
    # The end stands last. Chains from before the day had an event of its own go without it.
    chain.record(EventKind.RETAINED, ended, agreement=ended, by=None, at=now)
    chain.record(EventKind.ENDED, ended, agreement=ended, by=by, at=now)
