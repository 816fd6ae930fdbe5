"""Letters as the other rooms write them."""

from __future__ import annotations

from itertools import count
from typing import Any

from outbox.actions import queue_letter
from outbox.models import Letter
from people.models import User

_numbers = count(1)


def make_letter(to: User, **fields: Any) -> Letter:
    """A queued letter; `state`, `sent_at` and the like are set behind the actions' back."""
    row = {name: fields.pop(name) for name in list(fields) if name not in QUEUE_ARGUMENTS}
    number = next(_numbers)
    words = {
        "key": f"test:{number}",
        "kind": "test.letter",
        "subject": f"Brev nummer {number}",
        "text": "Hei!\n\nDu har plass på seminaret.\n",
        "html": "<p>Hei!</p><p>Du har plass på seminaret.</p>",
    }
    letter = queue_letter(to=to, **(words | fields))
    if row:
        Letter.objects.filter(pk=letter.pk).update(**row)
        letter.refresh_from_db()
    return letter


QUEUE_ARGUMENTS = {
    "key",
    "kind",
    "subject",
    "text",
    "html",
    "calendar",
    "images",
    "about",
    "is_reminder",
    "is_secret",
}
