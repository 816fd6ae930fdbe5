"""Whether what is said to be erased was so by right, and whole: an erasure would hide anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from commitments.evidence.chain import TELLS_NOTHING
from commitments.models import Agreement, EventKind, EvidenceEvent

LEAST = dt.timedelta(days=365)
"""The database ends nothing with less to keep; a day that says otherwise was put there."""

TOO_EARLY = "an erasure that nothing allowed"
NOT_WHOLE = "what is erased is still there"
UNSAID = "content is gone, and nothing says that the agreement is erased"


def of_erasure(
    agreement: Agreement, events: list[EvidenceEvent], *, has_content: bool, is_whole: bool
) -> Iterator[tuple[str, str]]:
    """`has_content`: something is left that goes; `is_whole`: nothing is gone that goes."""
    erased = next((one for one in events if one.kind == EventKind.ERASED), None)
    if erased is None:
        if agreement.erased_at is not None or not is_whole:
            yield UNSAID, "agreement"
        return
    where = f"event {erased.number}"
    if not _is_allowed(agreement, events, erased):
        yield TOO_EARLY, where
    salted = [one for one in events if getattr(one, "salt", None) is not None]
    is_salted = any(one.kind not in TELLS_NOTHING for one in salted)
    if has_content or is_salted or agreement.erased_at is None:
        yield NOT_WHOLE, where


def _is_allowed(agreement: Agreement, events: list[EvidenceEvent], erased: EvidenceEvent) -> bool:
    """After its end, by as long as was said when it ended, by nobody, and as the last event."""
    ended = next((one for one in events if one.kind == EventKind.ENDED), None)
    if ended is None or agreement.erases_on is None:
        return False
    says_when = [one for one in events if one.kind in (EventKind.RETAINED, EventKind.ENDED)]
    return (
        all(getattr(one, "salt", None) is not None for one in says_when)
        and erased is events[-1]
        and erased.actor_id is None
        # In days, and in the zones that the database's trigger counts them in.
        and timezone.localdate(erased.at) >= ended.at.astimezone(dt.UTC).date() + LEAST
        and timezone.localdate(erased.at) >= agreement.erases_on
    )
