"""What a page tells over itself."""

from __future__ import annotations

from typing import Any


def messages_in(response: Any) -> list[str]:
    """Return the news that the page shows, in their order."""
    return [str(message) for message in response.context["messages"]]
