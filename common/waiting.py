"""What waits for somebody: a state that stands until one of those it concerns has acted.

A room lists its own in `waiting_states.py`. Each has letters that ask again, or says why it has
none, and what ends it if nobody acts; `tests/test_waiting_states.py` holds the lists against the
models, «Min side» and the templates of letters.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WaitingState:
    """A state in which the portal waits for a person."""

    name: str
    """The model's states by its label («commitments.Revision.proposed»), or a word of its own."""
    waits_for: str
    steps: tuple[str, ...] = ()
    """What asks on «Min side»: names in the room's `my_page.py`."""
    reminders: tuple[str, ...] = ()
    """Kinds of letters that ask again, as «reminders.answer_missing»."""
    no_reminder_because: str = ""
    ends_by: str = ""
    """The duty that ends it when nobody acts, by its name in the schedule."""
    never_ends_because: str = ""

    def __post_init__(self) -> None:
        if bool(self.reminders) == bool(self.no_reminder_because):
            raise ValueError(f"{self.name}: a reminder, or why there is none")
        if bool(self.ends_by) == bool(self.never_ends_because):
            raise ValueError(f"{self.name}: what ends it, or why nothing does")
