"""What has stopped goes by itself, on the day that was told from the start."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from commitments import letters
from commitments.ending.actions import end_locked, tell_both_that_it_ended
from commitments.evidence import chain
from commitments.locking import lock_agreement
from commitments.models import (
    TALK_PATIENCE,
    Ending,
    EventKind,
    FollowUp,
    Revision,
    RevisionState,
)
from commitments.writing.autosave_actions import forget_unsaved
from people import audit

logger = logging.getLogger(__name__)


def lapse_what_has_stopped(*, now: dt.datetime) -> int:
    """Let go of each draft, proposal, agreed text and conversation whose day has come.

    Answers with how many. Each in a transaction of its own: one that cannot be let go of is
    logged, and keeps none of the others.
    """
    today = timezone.localdate(now)
    stopped = Revision.objects.waiting().filter(lapses_on__lte=today)
    talks = FollowUp.objects.due(today - TALK_PATIENCE)
    return _each(list(stopped.values_list("pk", flat=True)), _lapse_revision, now) + _each(
        list(talks.values_list("pk", flat=True)), _lapse_follow_up, now
    )


def _each(pks: list[int], lapse: Callable[..., bool], now: dt.datetime) -> int:
    done = 0
    for pk in pks:
        try:
            done += lapse(pk, now=now)
        except Exception:
            logger.exception("%s of %s did not lapse.", lapse.__name__, pk)
    return done


@transaction.atomic
def _lapse_revision(pk: int, *, now: dt.datetime) -> bool:
    """Let go of what is open; what was never signed ends with it. Both get a letter.

    False where the two have gone on with it meanwhile. What is signed holds as it did.
    """
    agreement = lock_agreement(Revision.objects.values_list("agreement", flat=True).get(pk=pk))
    today = timezone.localdate(now)
    waiting = Revision.objects.waiting().with_content().filter(pk=pk, lapses_on__lte=today)
    stopped = waiting.first()
    if stopped is None:
        return False
    was = RevisionState(stopped.state)
    Revision.objects.filter(pk=pk).update(state=RevisionState.LAPSED, turn="")
    lapsed = Revision.objects.get(pk=pk)
    chain.record(EventKind.LAPSED, lapsed, agreement=agreement, by=None, at=now)
    audit.record("commitments.lapse_agreement", agreement, by=None, revision=stopped.number)
    if not agreement.revisions.signed().exists():
        end_locked(agreement, as_=Ending.LAPSED, by=None, now=now)
        tell_both_that_it_ended(agreement)
        return True
    forget_unsaved(agreement)
    letters.write_change_lapsed(stopped, was=was, today=today)
    return True


@transaction.atomic
def _lapse_follow_up(pk: int, *, now: dt.datetime) -> bool:
    """Let go of a conversation that nobody has written down or moved; both get a letter.

    Nothing is said of whether it was held. What is signed holds, and the two plan another when
    they want to.
    """
    agreement = lock_agreement(FollowUp.objects.values_list("agreement", flat=True).get(pk=pk))
    today = timezone.localdate(now)
    talk = FollowUp.objects.due(today - TALK_PATIENCE).filter(pk=pk).first()
    if talk is None:
        return False
    FollowUp.objects.filter(pk=pk).update(lapsed_at=now)
    audit.record("commitments.lapse_follow_up", agreement, by=None, follow_up=pk)
    talk.agreement = agreement
    letters.write_follow_up_lapsed(talk, today=today)
    return True
