"""Why an agreement is over, told from what is there and not from what is missing."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from commitments.models import Agreement, NoteKind

REST = dt.timedelta(days=365)
"""What a former leader left, and the employee has neither carried forward nor ended, ends then."""


class Ending(StrEnum):
    """What became of it: by one of the two, or by the portal alone (the last four)."""

    ENDED = "ended"
    DECLINED = "declined"
    CARRIED = "carried"
    MERGED = "merged"
    NEVER_SIGNED = "never_signed"
    LEFT = "left"
    DEPARTED = "departed"


def ending_of(agreement: Agreement) -> Ending:
    """Return how an ended agreement ended."""
    if agreement.merged_into_id is not None:
        return Ending.MERGED
    is_signed = agreement.revisions.signed().exists()
    if agreement.ended_by_id is None:
        if not is_signed:
            return Ending.NEVER_SIGNED
        return Ending.LEFT if _has_rested(agreement) else Ending.DEPARTED
    if Agreement.objects.filter(carried_from=agreement).exists():
        return Ending.CARRIED
    declined = agreement.revisions.filter(notes__kind=NoteKind.DECLINED)
    ended = agreement.revisions.filter(notes__kind=NoteKind.ENDED)
    if not is_signed and declined.exists() and not ended.exists():
        return Ending.DECLINED
    return Ending.ENDED


def _has_rested(agreement: Agreement) -> bool:
    ended, parted = agreement.ended_at, agreement.leader_access_ended_at
    return ended is not None and parted is not None and ended - parted >= REST
