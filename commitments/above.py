"""What the leader above learns: that a planned conversation has not been held, and by which leader.

Not with whom, not when it was to be, not how many, and nothing of what it was to be about.
"""

from __future__ import annotations

import datetime as dt

from commitments.line import pairs_of_leader
from commitments.models import FollowUp
from people.models import Leadership, User

PATIENCE = dt.timedelta(days=7)
"""A conversation may slip some days without becoming anybody else's business."""


def leaders_below(user: User, today: dt.date) -> list[User]:
    """Those right below this person who lead something themselves, each once."""
    led = list(dict.fromkeys(pair.employee for pair in pairs_of_leader(user, today)))
    leading = those_who_lead(led, today)
    return [one for one in led if one.pk in leading]


def those_who_lead(people: list[User], today: dt.date) -> set[int]:
    leading = Leadership.objects.valid_on(today).filter(user__in=people).order_by()
    return set(leading.values_list("user", flat=True))


def with_unheld(leaders: list[User], today: dt.date) -> list[User]:
    """Those of them with a conversation that should have been held by now."""
    late = FollowUp.objects.due(today - PATIENCE - dt.timedelta(days=1))
    theirs = late.filter(agreement__leader__in=leaders).order_by()
    late_ones = set(theirs.values_list("agreement__leader", flat=True))
    return [one for one in leaders if one.pk in late_ones]
