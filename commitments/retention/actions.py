"""When the retention has ended: the content goes, and a chain of events without content stays."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from commitments.ending.actions import end_locked, tell_both_that_it_ended
from commitments.evidence import chain
from commitments.locking import lock_agreement
from commitments.models import (
    WORDING,
    Agreement,
    Commitment,
    Document,
    DocumentAttempt,
    Ending,
    EventKind,
    EvidenceSalt,
    FollowUp,
    Note,
    Outcome,
    Preparation,
    PreparedAnswer,
    PrivateNote,
    Share,
    Signature,
    UnsavedWork,
)
from people import audit
from people.models import MISSING_FOR, User

logger = logging.getLogger(__name__)

REST = dt.timedelta(days=365)
"""What a former leader left, and the employee has neither carried forward nor ended, ends then."""


def end_what_was_left(*, now: dt.datetime) -> int:
    """End agreements with a former leader that have lain for a year; answers with how many.

    And at once those whose employee has left: they could decide over it no more.
    """
    today = timezone.localdate(now)
    gone = User.objects.get_queryset().who_left(before=today - MISSING_FOR, today=today)
    has_rested = Q(leader_access_ended_at__lte=now - REST)
    left = Agreement.objects.parted().filter(has_rested | Q(employee__in=gone))
    rested = set(left.filter(has_rested).values_list("pk", flat=True))
    pks = list(left.values_list("pk", flat=True))
    for pk in pks:
        with transaction.atomic():
            locked = lock_agreement(pk)
            if locked.ended_at is None:
                locked.shares.active().update(ended_at=now)
                why = Ending.LEFT if pk in rested else Ending.DEPARTED
                end_locked(locked, as_=why, by=None, now=now)
                tell_both_that_it_ended(locked)
                audit.record("commitments.close_agreement", locked, by=None)
    return len(pks)


def erase_agreements(*, now: dt.datetime) -> int:
    """Erase each agreement whose day has come; answers with how many.

    Each in a transaction of its own: one that cannot be erased is logged, and tried again.
    """
    due = Agreement.objects.filter(erases_on__lte=timezone.localdate(now), erased_at__isnull=True)
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            erase_agreement(pk, now=now)
            done += 1
        except Exception:
            logger.exception("Agreement %s was not erased.", pk)
    return done


@transaction.atomic
def erase_agreement(pk: int, *, now: dt.datetime) -> None:
    """Take away all that the two wrote and signed, and the salts that make hashes of it say
    anything. What stays: that there was an agreement, its revisions' states and times for the
    figures, and the chain. The database refuses it before the day that stood from the end on.
    """
    agreement = lock_agreement(pk)
    if agreement.erased_at is not None:
        return
    chain.record(EventKind.ERASED, agreement, agreement=agreement, by=None, at=now)
    for rows in _content(agreement):
        rows.delete()
    blank = dict.fromkeys((*WORDING, "snapshot", "reason"), "")
    agreement.revisions.update(**blank, follow_up_on=None, erased_at=now)
    salts = EvidenceSalt.objects.filter(event__agreement=pk)
    salts.exclude(event__kind__in=chain.TELLS_NOTHING).delete()
    Agreement.objects.filter(pk=pk).update(erased_at=now)
    audit.record("commitments.erase_agreement", agreement, by=None)


def _content(agreement: Agreement) -> list[QuerySet]:  # type: ignore[type-arg]
    """What goes, in an order that no foreign key stands in the way of."""
    return [
        Outcome.objects.filter(follow_up__agreement=agreement),
        PrivateNote.objects.filter(follow_up__agreement=agreement),
        FollowUp.objects.filter(agreement=agreement),
        PreparedAnswer.objects.filter(preparation__agreement=agreement),
        Preparation.objects.filter(agreement=agreement),
        Note.objects.filter(revision__agreement=agreement),
        DocumentAttempt.objects.filter(revision__agreement=agreement),
        Document.objects.filter(revision__agreement=agreement),
        Signature.objects.filter(revision__agreement=agreement),
        Commitment.objects.filter(revision__agreement=agreement),
        Share.objects.filter(agreement=agreement),
        UnsavedWork.objects.filter(agreement=agreement),
    ]
