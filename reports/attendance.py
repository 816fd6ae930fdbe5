"""What the report tells of who came: fixed half-years, groups apart from each other, bounds.

Every reader and every question gets the same figures, which are about groups that have nobody in
common. So whatever is added and subtracted speaks of whole groups (docs/reports.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from common.small_groups import SMALL_GROUP
from reports.models import AttendanceFigure, AttendanceGroup
from reports.period import Period, half_year_from
from reports.scope import Scope


@dataclass(frozen=True)
class Bounds:
    """A number, or as much of it as may be told."""

    at_least: int = 0
    at_most: int = 0

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.at_least + other.at_least, self.at_most + other.at_most)

    @property
    def is_exact(self) -> bool:
        return 0 < self.at_least == self.at_most


def bounds_of(came: int, could: int) -> Bounds:
    """The number where five or more came and five or more did not; else what hides which it is.

    Nobody is not told from few, nor everybody from nearly everybody. Of fewer than ten nothing is
    told at all: there the two would meet.
    """
    if could < 2 * SMALL_GROUP:
        return Bounds(0, could)
    if came < SMALL_GROUP:
        return Bounds(0, SMALL_GROUP - 1)
    if could - came < SMALL_GROUP:
        return Bounds(could - SMALL_GROUP + 1, could)
    return Bounds(came, came)


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

    came: Bounds = Bounds()
    reach: Reach = Reach(0, Bounds())

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
