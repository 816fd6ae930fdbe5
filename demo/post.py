"""The demo's old letters: written by the rooms' own actions, and delivered long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Max

from outbox.models import Letter, LetterState


@contextmanager
def delivered(at: dt.datetime) -> Iterator[None]:
    """Letters written in the block count as sent then, so that the demo's mailbox starts empty."""
    last = Letter.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    Letter.objects.filter(pk__gt=last, state=LetterState.QUEUED).update(
        state=LetterState.SENT, queued_at=at, claimed_at=at, sent_at=at, attempts=1
    )
