"""Counting seats in SQL, by where people worked when they were invited or registered.

What each figure means stands in docs/reports.md, and beside the figure on the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Q, QuerySet

from reports.period import Period
from reports.scope import Scope
from seminars.models import (
    HELD_FOR_A_TIME,
    IN_QUEUE,
    Invitation,
    Registration,
    RegistrationState,
    SeminarState,
)

HAS_SEAT = Q(state=RegistrationState.REGISTERED)
WAITS = Q(state__in=HELD_FOR_A_TIME + IN_QUEUE)
HAD_NONE = Q(state=RegistrationState.UNSEATED)


@dataclass(frozen=True)
class Participation:
    """How many were invited, got in, wait, waited to the end, and are not recorded: exact, and
    adds up."""

    invited: int = 0
    registered: int = 0
    waiting: int = 0
    unseated: int = 0
    not_recorded: int = 0

    def __add__(self, other: Participation) -> Participation:
        names = [field.name for field in fields(self)]
        return Participation(**{n: getattr(self, n) + getattr(other, n) for n in names})


def total(figures: Iterable[Participation]) -> Participation:
    return sum(figures, start=Participation())


def of_seminars_in(period: Period) -> Q:
    """A seminar counts in the period in which it starts; drafts and cancelled ones never do."""
    return Q(
        seminar__state=SeminarState.PUBLISHED,
        seminar__starts_at__gte=period.start,
        seminar__starts_at__lt=period.end,
    )


def participation_by(
    key: str, which: Q, scope: Scope, now: dt.datetime
) -> dict[int | None, Participation]:
    """Figures for each value of `key` ("agency" or "seminar"), in two queries."""
    invited = scope.of_snapshots(Invitation.objects.filter(which))
    counts: dict[int | None, dict[str, int]] = {
        row.pop(key): row for row in _counted(scope, which, key, now)
    }
    for value, count in _grouped(invited, key).annotate(n=Count("*")).values_list(key, "n"):
        counts.setdefault(value, {})["invited"] = count
    return {value: Participation(**row) for value, row in counts.items()}


def _counted(scope: Scope, which: Q, key: str, now: dt.datetime) -> Iterable[dict[str, Any]]:
    registrations = scope.of_snapshots(Registration.objects.filter(which))
    active = registrations.filter(HAS_SEAT | WAITS | HAD_NONE)
    counted: Iterable[dict[str, Any]] = _grouped(active, key).annotate(
        registered=Count("state", filter=HAS_SEAT),
        waiting=Count("state", filter=WAITS),
        unseated=Count("state", filter=HAD_NONE),
        not_recorded=Count("state", filter=HAS_SEAT & Q(outcome="", seminar__ends_at__lt=now)),
    )
    return counted


def _grouped(rows: QuerySet[Any], key: str) -> QuerySet[Any, dict[str, Any]]:
    return rows.order_by().values(key)
