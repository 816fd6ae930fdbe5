"""Who reads an agreement, asked of any row that leads to one."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from commitments import unmanaged_sql
from people.models import User


def seen_by(user: User, on: dt.date, path: str = "") -> Q:
    """The one rule of who reads an agreement; `path` leads from a row to its agreement.

    The employee always; the leader for as long as they lead the employee in that unit. That is
    asked each time, of the day on which one reads: the sweep closes access for good, but a leader
    who moved this morning does not read on until it has come by.
    """
    moved = unmanaged_sql.left_behind(on, leader=user.pk)
    leads = Q(**{f"{path}leader": user, f"{path}leader_access_ended_at__isnull": True})
    is_there = Q(**{f"{path}erased_at__isnull": True})
    return is_there & (Q(**{f"{path}employee": user}) | leads & ~Q(**{f"{path}pk__in": moved}))
