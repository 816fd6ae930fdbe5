"""What the audit trail calls things on the screen; each room says it of its own, in its `room.py`.

The trail itself keeps the names that the code has: they stay the same when a page is reworded.
"""

from __future__ import annotations

from django.utils.functional import Promise

from common.rooms import rooms


def actions_in_words() -> dict[str, Promise]:
    return {action: words for room in rooms() for action, words in room.actions.items()}


def things_in_words() -> dict[str, Promise]:
    return {thing: words for room in rooms() for thing, words in room.things.items()}


def action_in_words(action: str) -> str:
    return str(actions_in_words().get(action, action))


def thing_in_words(object_type: str) -> str:
    return str(things_in_words().get(object_type, object_type))
