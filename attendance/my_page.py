"""What attendance puts on «Min side»."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists

from attendance.models import PastParticipation
from common.my_page import Card, Part, Visit


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Exists]:
    """Ask whether the person took part in something before the portal."""
    return {"past": Exists(PastParticipation.objects.filter(user=user))}


def my_page(visit: Visit) -> Part:
    """Return the way to what was before, for those who have any: it asks nothing of anybody."""
    if not visit.answers["past"]:
        return Part()
    return Part(cards=[Card(90, "attendance/my_page/past.html", {})])
