"""When units are merged, and two who had an agreement in each work together in one."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import connection, transaction
from django.utils import timezone

from commitments.ending.actions import end_locked, tell_both_that_it_ended
from commitments.follow_up.actions import take_out_of_calendars
from commitments.letters import TakenOut
from commitments.locking import lock_agreement
from commitments.models import Agreement, Ending, RevisionState
from people import audit
from people.succession import not_settled

logger = logging.getLogger(__name__)

_OF_ONE_PAIR_SQL = """
    WITH RECURSIVE several AS (
        SELECT one.id, one.leader_id, one.employee_id, one.unit_id FROM commitments_agreement one
        WHERE one.ended_at IS NULL AND one.leader_access_ended_at IS NULL AND EXISTS (
            SELECT FROM commitments_agreement other
            WHERE other.leader_id = one.leader_id AND other.employee_id = one.employee_id
              AND other.id <> one.id
              AND other.ended_at IS NULL AND other.leader_access_ended_at IS NULL
        )
    ),
    place(id, leader_id, employee_id, unit_id) AS (
        SELECT * FROM several
      UNION
        SELECT place.id, place.leader_id, place.employee_id, step.to_unit_id FROM place
        JOIN people_unit_successors step ON step.from_unit_id = place.unit_id
    )
    SELECT DISTINCT one.id, other.id FROM place one
    JOIN place other ON other.leader_id = one.leader_id AND other.employee_id = one.employee_id
        AND other.unit_id = one.unit_id AND other.id > one.id
    JOIN people_position position ON position.user_id = one.employee_id
        AND position.unit_id = one.unit_id
        AND %s BETWEEN position.valid_from AND coalesce(position.valid_to, 'infinity')
    ORDER BY 1, 2
"""
"""Open agreements of the same two in units that have become one, where the employee works today."""

_HOW_FAR = (RevisionState.DRAFT, RevisionState.PROPOSED, RevisionState.AGREED)


def merge_agreements_of_pairs(*, now: dt.datetime) -> int:
    """End all but one of what two have in a unit since a merger; answers with how many ended.

    What is signed is kept before what is not, the latest signed before others, and of what is not
    signed what has come farthest. Both stand as long as the import of staff that brought the merger
    can be taken back: what has ended has ended for good. Each in a transaction of its own: one that
    cannot be ended is logged and keeps no other.
    """
    done = 0
    for one, other in _of_one_pair(now):
        try:
            done += _merge(one, other, now=now)
        except Exception:
            logger.exception("Agreements %s and %s of a pair were not merged.", one, other)
    return done


def _of_one_pair(now: dt.datetime) -> list[tuple[int, int]]:
    waiting = Agreement.objects.open().filter(unit__in=not_settled(now))
    held = set(waiting.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE_PAIR_SQL, [timezone.localdate(now)])
        return [pair for pair in cursor.fetchall() if held.isdisjoint(pair)]


@transaction.atomic
def _merge(one: int, other: int, *, now: dt.datetime) -> bool:
    """End the lesser of two; both read why, and what is signed in it until it is erased."""
    locked = {pk: lock_agreement(pk) for pk in sorted((one, other))}
    both = list(Agreement.objects.open().with_state().filter(pk__in=locked))
    if len(both) < len(locked):
        return False  # ended, or parted, while this waited
    lesser, kept = sorted(both, key=_how_far)
    ended = locked[lesser.pk]
    ended.revisions.open().update(state=RevisionState.WITHDRAWN, turn="")
    take_out_of_calendars(ended, why=TakenOut.ENDED, now=now)
    end_locked(ended, as_=Ending.MERGED, by=None, now=now, merged_into=locked[kept.pk])
    audit.record("commitments.merge_agreements", ended, by=None, kept=kept.pk)
    tell_both_that_it_ended(ended)
    return True


def _how_far(agreement: Agreement) -> tuple[bool, float, int, int]:
    """What is kept comes last: the one that was begun last, of two that are alike."""
    row = vars(agreement)
    signed_at, state = row["signed_at"], row["revision_state"]
    written = _HOW_FAR.index(state) if state in _HOW_FAR else -1
    return signed_at is not None, signed_at.timestamp() if signed_at else 0, written, agreement.pk
