"""What letters put on «Min side»."""

from __future__ import annotations

from common.my_page import Card, Part, Visit
from outbox.models import Envelope, Letter
from people.models import Role

SHOWN = 3


def my_page(visit: Visit) -> Part:
    """Return the newest letters to one person, and to an administrator what did not get through."""
    letters = Letter.objects.visible_to(visit.user, on=visit.today).without_contents()[:SHOWN]
    cards = [Card(60, "outbox/my_page/letters.html", {"letters": letters})]
    if visit.affiliation.has_any(Role.ADMINISTRATOR):
        cards.append(Card(14, "outbox/my_page/failed.html", {"failed": _failed(visit)}))
    return Part(cards=cards)


def _failed(visit: Visit) -> int:
    return int(Envelope.objects.visible_to(visit.user, on=visit.today).to_be_retried().count())
