"""Counting who came, once for each half-year; `attendance` tells what was counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction

from people.models import Leadership
from reports.bounds import bounds_of
from reports.figures import of_seminars_in
from reports.models import AttendanceFigure, AttendanceGroup
from reports.period import Period, counted_half_year
from seminars.models import CAME, Registration

Home = tuple[int, AttendanceGroup]


@transaction.atomic
def count_attendance(*, today: dt.date) -> int:
    """Store the figures of the latest half-year whose fortnight for recording is over, once.

    Returns how many figures there are new. What is recorded or corrected afterwards changes none
    of them, nor does a merger or a leader who moves: a figure that moved would tell by how much.
    """
    _one_at_a_time()
    half_year = counted_half_year(today)
    if AttendanceFigure.objects.filter(first_day=half_year.first).exists():
        return 0
    came = _who_came(half_year)
    figures = [
        _figure(home, people, came, half_year, today)
        for home, people in _groups(half_year, today).items()
    ]
    return len(AttendanceFigure.objects.bulk_create(figures))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.count_attendance'))")


def _recorded_in(half_year: Period) -> Iterable[tuple[int, int | None, str]]:
    """Person, agency as it was, and outcome; the first seminar first.

    Whoever came to some of it has come, and whoever left between two gatherings.
    """
    recorded = Registration.objects.filter(of_seminars_in(half_year)).exclude(outcome="")
    in_order = recorded.order_by("seminar__starts_at", "pk")
    return in_order.values_list("user_id", "agency_id", "outcome")


def _who_came(half_year: Period) -> dict[int, bool]:
    """Of everybody with attendance recorded: whether they came to something."""
    came: dict[int, bool] = {}
    for user_id, _agency, outcome in _recorded_in(half_year):
        came[user_id] = came.get(user_id, False) or outcome in CAME
    return came


def _groups(half_year: Period, today: dt.date) -> dict[Home, set[int]]:
    """Everybody in one group: by the agency they have led longest, or first came from."""
    homes: dict[int, Home] = {}
    leading = Leadership.objects.valid_on(today)
    in_order = leading.order_by("valid_from", "pk").values_list("user_id", "unit__agency")
    for user_id, led in in_order:
        if led is not None:
            homes.setdefault(user_id, (led, AttendanceGroup.LEADERS))
    for user_id, agency, _outcome in _recorded_in(half_year):
        if agency is not None:
            homes.setdefault(user_id, (agency, AttendanceGroup.OTHERS))
    groups: defaultdict[Home, set[int]] = defaultdict(set)
    for user_id, home in homes.items():
        groups[home].add(user_id)
    return groups


def _figure(
    home: Home, people: set[int], came: dict[int, bool], half_year: Period, today: dt.date
) -> AttendanceFigure:
    """Bounds are taken of those who could have come: of the others everybody knows."""
    agency_id, group = home
    could = [came[one] for one in people if one in came]
    bounds = bounds_of(sum(could), len(could))
    return AttendanceFigure(
        first_day=half_year.first,
        agency_id=agency_id,
        group=group,
        people=len(people),
        at_least=bounds.at_least,
        at_most=bounds.at_most,
        counted_on=today,
    )
