"""What the report tells of who came: fixed half-years, groups apart from each other, bounds.

Every reader and every question gets the same figures, which are about groups that have nobody in
common. So whatever is added and subtracted speaks of whole groups (docs/reports.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from reports.bounds import NOTHING_TOLD, Bounds
from reports.models import AttendanceFigure, AttendanceGroup
from reports.period import Period, half_year_from
from reports.scope import Scope


@dataclass(frozen=True)
class Reach:
    """Leaders on the day it was counted, and those of them who came in the half-year."""

    leaders: int
    came: Bounds

    def __add__(self, other: Reach) -> Reach:
        return Reach(self.leaders + other.leaders, self.came + other.came)

    @property
    def percent(self) -> float:
        """The share that is told, or the least that it is; 0 where nothing is told."""
        return 100 * self.came.at_least / self.leaders if self.leaders else 0


@dataclass(frozen=True)
class AttendanceSummary:
    """What is told of one agency, or of several together."""

    came: Bounds = NOTHING_TOLD
    reach: Reach = Reach(0, NOTHING_TOLD)

    def __add__(self, other: AttendanceSummary) -> AttendanceSummary:
        return AttendanceSummary(self.came + other.came, self.reach + other.reach)


def attendance_by_agency(scope: Scope, period: Period) -> dict[int, AttendanceSummary] | None:
    """The half-years that lie within the period; of reach, the latest. None where there is none.

    Only agencies that lie within the scope from top to bottom: parts are not counted.
    """
    figures = list(_within(scope, period))
    if not figures:
        return None
    latest = max(figure.first_day for figure in figures)
    told: defaultdict[int, AttendanceSummary] = defaultdict(AttendanceSummary)
    for figure in figures:
        came = Bounds(figure.at_least, figure.at_most)
        is_reach = (figure.first_day, figure.group) == (latest, AttendanceGroup.LEADERS)
        reach = Reach(figure.people, came) if is_reach else Reach(0, Bounds())
        told[figure.agency_id] += AttendanceSummary(came, reach)
    return dict(told)


def _within(scope: Scope, period: Period) -> Iterable[AttendanceFigure]:
    figures: QuerySet[AttendanceFigure] = AttendanceFigure.objects.filter(
        first_day__gte=period.first,
        first_day__lte=period.last,
        agency__in=scope.whole_agencies(),
    )
    return (figure for figure in figures if half_year_from(figure.first_day).last <= period.last)
