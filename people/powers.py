"""Powers that one person gives another, and the mark that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Action = TypeVar("Action", bound=Callable[..., Any])

MARK = "gives_power"


def gives_power(action: Action) -> Action:
    """Mark an action that lets a person read or do what they might not.

    A page that calls it asks for a fresh confirmation first (`people.confirmation`), and whom it
    concerns gets a letter: whoever is at somebody's open browser would else have it for good. A
    test finds each action that makes such a row, and each page that calls one.
    """
    setattr(action, MARK, True)
    return action
