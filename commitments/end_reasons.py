"""Why an agreement is over, told from what is there and not from what is missing."""

from __future__ import annotations

from enum import StrEnum

from commitments.models import Agreement, NoteKind


class Ending(StrEnum):
    """What became of it: by one of the two, or by the portal alone (the last three)."""

    ENDED = "ended"
    DECLINED = "declined"
    CARRIED = "carried"
    MERGED = "merged"
    NEVER_SIGNED = "never_signed"
    LEFT = "left"


def ending_of(agreement: Agreement) -> Ending:
    """Return how an ended agreement ended."""
    if agreement.merged_into_id is not None:
        return Ending.MERGED
    is_signed = agreement.revisions.signed().exists()
    if agreement.ended_by_id is None:
        return Ending.LEFT if is_signed else Ending.NEVER_SIGNED
    if Agreement.objects.filter(carried_from=agreement).exists():
        return Ending.CARRIED
    declined = agreement.revisions.filter(notes__kind=NoteKind.DECLINED)
    ended = agreement.revisions.filter(notes__kind=NoteKind.ENDED)
    if not is_signed and declined.exists() and not ended.exists():
        return Ending.DECLINED
    return Ending.ENDED
