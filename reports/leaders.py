"""How large a share of an agency's leaders has been reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from people.models import Leadership
from reports.figures import HAS_SEAT, of_seminars_in
from reports.period import Period
from reports.scope import Scope
from seminars.models import AttendanceOutcome, Registration

SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Reach:
    """Leaders on the reference day, and those of them who came to a seminar in the period."""

    leaders: int = 0
    reached: int = 0

    @property
    def is_shown(self) -> bool:
        return self.leaders >= SMALLEST_GROUP

    @property
    def percent(self) -> float | None:
        """None where the group is too small to say anything about."""
        return 100 * self.reached / self.leaders if self.is_shown else None


def reach_by_agency(scope: Scope, period: Period, today: dt.date) -> dict[int | None, Reach]:
    """For each agency that lies within from top to bottom; parts of an agency have no share.

    Whoever leads two units of an agency is one leader. Who leads is dated, and so is attendance,
    so the share of a past period stays when people move.
    """
    came = Registration.objects.filter(
        HAS_SEAT,
        of_seminars_in(period),
        user=OuterRef("user"),
        outcome=AttendanceOutcome.ATTENDED,
    )
    rows = (
        Leadership.objects.valid_on(period.reference_day(today))
        .filter(unit__agency__in=scope.whole_agencies())
        .alias(came=Exists(came))
        .order_by()
        .values("unit__agency")
        .annotate(leaders=Count("user", distinct=True))
        .annotate(reached=Count("user", distinct=True, filter=Q(came=True)))
    )
    return {row["unit__agency"]: Reach(row["leaders"], row["reached"]) for row in rows}


def shown_together(reaches: Iterable[Reach]) -> Reach:
    """The sum of those that are shown. With the others in it, subtraction would show them too."""
    shown = [reach for reach in reaches if reach.is_shown]
    return Reach(sum(r.leaders for r in shown), sum(r.reached for r in shown))
