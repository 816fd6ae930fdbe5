"""What the leader above learns: that a planned conversation has not been held, and by which leader.

Not with whom, not when it was to be, not how many, and nothing of what it was to be about. Where
the leader has few agreements it could be guessed with whom, so that leader is not named.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from commitments.eligible_pairs import pairs_of_leader
from commitments.models import FollowUp
from commitments.unmanaged_sql import left_behind
from common.small_groups import SMALL_GROUP
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


@dataclass(frozen=True)
class Unheld:
    """The leaders with a conversation that should have been held by now.

    `is_among_few`: so has one of those who are not named, and who together have enough people.
    """

    leaders: list[User]
    is_among_few: bool


def unheld_by(leaders: list[User], today: dt.date) -> Unheld:
    """A leader is named where the conversation can be with at least `SMALL_GROUP` people."""
    rows = _planned_by(leaders, today)
    few = [row for row in rows if row["people"] < SMALL_GROUP]
    named = {row["leader"] for row in rows if row["is_late"] and row["people"] >= SMALL_GROUP}
    is_hidden = len(few) > 1 and sum(row["people"] for row in few) >= SMALL_GROUP
    return Unheld(
        leaders=[one for one in leaders if one.pk in named],
        is_among_few=is_hidden and any(row["is_late"] for row in few),
    )


def _planned_by(leaders: list[User], today: dt.date) -> list[Any]:
    """For each leader with conversations ahead: with how many people, and whether one is late."""
    ids = [one.pk for one in leaders]
    planned = FollowUp.objects.outstanding().filter(
        ~Q(agreement__in=left_behind(today, leaders=ids)),
        agreement__paused_at__isnull=True,
        agreement__leader__in=ids,
    )
    return list(
        planned.order_by()
        .values(leader=F("agreement__leader"))
        .annotate(
            people=Count("agreement__employee", distinct=True),
            is_late=Count("pk", filter=Q(due_on__lt=today - PATIENCE)),
        )
    )
