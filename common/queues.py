"""The broker's queues, by how long what is in them can wait.

A worker takes all of them, or those it is given (`celery -A portal worker -Q …`), and empties them
in this order: by name, since Redis knows no other order between queues.
"""

from __future__ import annotations

AT_ONCE = "1-at-once"
"""Somebody looks at a page and waits: codes and links to sign in with."""
DUTIES = "2-duties"
"""What beat starts, and documents to be sealed. No mail server can keep them waiting."""
SOON = "3-soon"
"""Letters to one person about what has just happened."""
IN_TURN = "4-in-turn"
"""Letters to very many, and reminders."""

ALL = (AT_ONCE, DUTIES, SOON, IN_TURN)


def declared() -> dict[str, dict[str, str]]:
    """Return the queues as Celery's `task_queues` takes them."""
    return {name: {} for name in ALL}
