"""When the leader or the employee moves: the old leader out, the new one in only if asked in."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.ending.actions import end_locked, tell_both_that_it_ended
from commitments.evidence import chain
from commitments.follow_up.actions import take_out_of_calendars
from commitments.locking import AgreementRefused, lock_agreement
from commitments.models import Agreement, Ending, EventKind, PrivateNote, RevisionState, Share
from commitments.preparing.actions import forget_unshared
from commitments.unmanaged_agreements import left_behind, outlived_shares
from commitments.writing.autosave_actions import forget_unsaved
from people import audit
from people.models import IMPORT_UNDO_WINDOW, User
from people.organisation import line_managers_of
from people.powers import gives_power

logger = logging.getLogger(__name__)


def part_those_who_moved(*, now: dt.datetime) -> int:
    """Close the leader's access to each agreement left behind for a day; answers with how many.

    The day is IMPORT_UNDO_WINDOW, from when it was first seen. Each in a transaction of its own:
    one that cannot be closed is logged and keeps none of the others open. Shares with a leader who
    has moved on end as well.
    """
    today = timezone.localdate(now)
    left = left_behind(today)
    _note_left_behind(left, now=now)
    waited = Agreement.objects.filter(pk__in=left, left_behind_at__lte=now - IMPORT_UNDO_WINDOW)
    done = 0
    for pk in waited.order_by("pk").values_list("pk", flat=True):
        try:
            done += part_agreement(pk, now=now) is not None
        except Exception:
            logger.exception("The leader's access to agreement %s was not closed.", pk)
    _end_outlived_shares(now=now)
    return done


def _note_left_behind(left: Collection[int], *, now: dt.datetime) -> None:
    """Note of these when they were seen to be left behind, and of no others any more.

    What was noted before stands. Nothing is closed: a file from HR that was wrong tonight is mended
    tomorrow, and a leader who is there again has lost nothing.
    """
    Agreement.objects.parting().exclude(pk__in=left).update(left_behind_at=None)
    Agreement.objects.not_parting().filter(pk__in=left).update(left_behind_at=now)


@transaction.atomic
def part_agreement(pk: int, *, now: dt.datetime) -> Agreement | None:
    """Close the leader's access for good; None when the two still lead and are led after all, and
    until it was seen a day ago that they do not.

    An open revision is withdrawn, and what was never signed ends with it. A conversation leaves
    both calendars, and the leader's private notes go. What is signed stays with the employee, who
    may share it with the new leader, and is due for nothing any more. Both get a letter that says
    nothing of what stands there, unless it was ended before, and but for whoever has left.
    """
    agreement = lock_agreement(pk)
    if not _has_waited(agreement.left_behind_at, now):
        return None
    if not left_behind(timezone.localdate(now), only=pk):
        return None
    agreement.revisions.open().update(state=RevisionState.WITHDRAWN, turn="")
    take_out_of_calendars(agreement, why=letters.TakenOut.PARTED, now=now)
    PrivateNote.objects.filter(follow_up__agreement=pk, author=agreement.leader).delete()
    forget_unshared(agreement)
    forget_unsaved(agreement)
    Agreement.objects.filter(pk=pk).update(leader_access_ended_at=now)
    is_signed = agreement.revisions.signed().exists()
    chain.record(EventKind.PARTED, _now(pk), agreement=agreement, by=None, at=now)
    audit.record("commitments.part_agreement", agreement, by=None, is_signed=is_signed)
    if agreement.ended_at is None:
        if not is_signed:
            end_locked(agreement, as_=Ending.NEVER_SIGNED, by=None, now=now)
        letters.write_parted(
            agreement,
            is_signed=is_signed,
            erases_on=_now(pk).erases_on,
            today=timezone.localdate(now),
        )
    return _now(pk)


def _has_waited(left_behind_at: dt.datetime | None, now: dt.datetime) -> bool:
    return left_behind_at is not None and left_behind_at <= now - IMPORT_UNDO_WINDOW


def _now(pk: int) -> Agreement:
    return Agreement.objects.get(pk=pk)


@gives_power
@transaction.atomic
def share_agreement(*, agreement: Agreement, with_user: User, by: User, now: dt.datetime) -> Share:
    """Let the new leader read what was signed with the former one, who gets no word of it.

    The new leader and the employee get a letter: it may have been done with the employee's browser
    and not by them. Raises AgreementRefused for anybody but the employee, for anybody
    who is not the employee's line manager today, and when it is shared already.
    """
    locked = _lock_left_behind(agreement, by=by)
    if with_user not in line_managers_of(locked.employee, on=timezone.localdate(now)):
        raise AgreementRefused(_("Du kan bare dele avtalen med den som er lederen din nå."))
    if locked.shares.active().exists():
        raise AgreementRefused(_("Avtalen er allerede delt."))
    share = Share.objects.create(agreement=locked, with_user=with_user, shared_at=now)
    chain.record(EventKind.SHARED, share, agreement=locked, by=by, at=now)
    audit.record("commitments.share_agreement", locked, by=by, share=share.pk)
    letters.write_shared(share)
    letters.write_shared_by_employee(share)
    return share


@transaction.atomic
def stop_sharing(*, agreement: Agreement, by: User, now: dt.datetime) -> None:
    """The new leader reads it no more. Raises AgreementRefused when it is not shared."""
    locked = _lock_left_behind(agreement, by=by)
    share = locked.shares.active().first()
    if share is None:
        raise AgreementRefused(_("Avtalen er ikke delt."))
    _end_share(share, by=by, now=now)


def _end_outlived_shares(*, now: dt.datetime) -> None:
    """As agreements are parted: who leads no more reads no more at once, and it ends in a day."""
    outlived = {share.pk: share for share in outlived_shares(timezone.localdate(now))}
    active = Share.objects.active()
    active.filter(left_behind_at__isnull=False).exclude(pk__in=outlived).update(left_behind_at=None)
    active.filter(left_behind_at__isnull=True, pk__in=outlived).update(left_behind_at=now)
    for share in outlived.values():
        if _has_waited(share.left_behind_at, now):
            _end_share(share, by=None, now=now)


def _end_share(share: Share, *, by: User | None, now: dt.datetime) -> None:
    with transaction.atomic():
        if Share.objects.filter(pk=share.pk, ended_at__isnull=True).update(ended_at=now):
            audit.record("commitments.stop_sharing", share.agreement, by=by, share=share.pk)


@transaction.atomic
def close_agreement(*, agreement: Agreement, by: User, now: dt.datetime) -> Agreement:
    """Let an agreement with a former leader rest: it stays to be read by the employee alone.

    Whoever it was shared with reads it no more. Both get a letter with the day of erasure, which
    tells the former leader nothing else.
    """
    locked = _lock_left_behind(agreement, by=by)
    for share in locked.shares.active():
        _end_share(share, by=by, now=now)
    end_locked(locked, as_=Ending.ENDED, by=by, now=now)
    audit.record("commitments.close_agreement", locked, by=by)
    return tell_both_that_it_ended(locked)


def _lock_left_behind(agreement: Agreement, *, by: User) -> Agreement:
    locked = lock_agreement(agreement.pk)
    if by.pk != locked.employee_id or not locked.is_parted or locked.ended_at is not None:
        raise AgreementRefused(_("Dette gjelder bare avtaler som en tidligere leder har forlatt."))
    return locked
