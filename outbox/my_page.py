"""What letters put on «Min side»."""

from __future__ import annotations

from common.my_page import Card, Part, Visit
from outbox.models import Letter

SHOWN = 3


def my_page(visit: Visit) -> Part:
    """Return the newest letters to one person."""
    letters = Letter.objects.visible_to(visit.user, on=visit.today).without_contents()[:SHOWN]
    return Part(cards=[Card(60, "outbox/my_page/letters.html", {"letters": letters})])
