"""The demo's old letters: written by the rooms' own actions, and most delivered long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Max

from outbox.delivery import give_up
from outbox.models import Letter, LetterState
from people.models import User


@contextmanager
def delivered(at: dt.datetime) -> Iterator[None]:
    """Letters written in the block count as sent then, so that the demo's mailbox starts empty."""
    last = Letter.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    Letter.objects.filter(pk__gt=last, state=LetterState.QUEUED).update(
        state=LetterState.SENT, queued_at=at, claimed_at=at, sent_at=at, attempts=1
    )


def turned_away(to: User, why: str) -> None:
    """Let the newest old letter to this person be one that the mail server never took."""
    newest = Letter.objects.filter(recipient=to, state=LetterState.SENT).first()
    if newest is None:
        raise LookupError(f"nothing has been sent to {to}")
    letter = Letter.objects.filter(pk=newest.pk)
    letter.update(state=LetterState.SENDING, sent_at=None)
    give_up(letter, why)
