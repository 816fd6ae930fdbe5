"""A letter is kept for a year so that its reader finds it again; then its words are taken out."""

from __future__ import annotations

import datetime as dt

from outbox.models import Letter

KEPT = dt.timedelta(days=365)


def empty_old_letters(*, now: dt.datetime) -> int:
    """Take the words out of letters that were settled a year ago; answers with how many.

    The row stays with its key, so that no cause, however old, writes twice.
    """
    old = Letter.objects.settled().filter(queued_at__lt=now - KEPT, emptied_at__isnull=True)
    return old.update(
        emptied_at=now,
        subject="",
        text="",
        html="",
        calendar="",
        calendar_method="",
        images=[],
        to_email="",
        reply_to="",
        last_error="",
    )
