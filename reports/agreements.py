"""How many agreements are signed, told in groups of at least five people or not at all.

The attack to withstand is subtraction: the municipality less its agencies, or one period less
another. So nothing is ever counted for a period or a part as such, but for each agency and whole
half-year that is over; those with fewer than five are left out. Which months a group spans is a
matter of the calendar and not of who signed when: where a group ended as soon as it held five, its
ends told in which months somebody had signed. What is shown is a sum of whole groups, so whatever
is added or subtracted, the answer is again a sum of groups of at least five.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, DateField, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from commitments.models import Revision
from common.dates import OSLO
from common.small_groups import SMALL_GROUP
from reports.period import Period, half_year_of
from reports.scope import Scope

AgencyCounts = dict[int | None, int]
ByHalfYear = dict[Period, AgencyCounts]


def signed_by_agency(scope: Scope, period: Period, today: dt.date) -> AgencyCounts | None:
    """People whose first agreement in the agency was signed, in the half-years within the period.

    Only for agencies that lie within from top to bottom. An agency without a group in the period
    is left out: whether that is four people or none is not told. None where no half-year that is
    over lies within the period.
    """
    if not _holds_a_half_year_that_is_over(period, today):
        return None
    sums: defaultdict[int | None, int] = defaultdict(int)
    for half_year, counts in by_half_year(_first_signings(scope, today)).items():
        if half_year.is_within(period):
            for agency, people in shown_of(counts).items():
                sums[agency] += people
    return dict(sums)


def _holds_a_half_year_that_is_over(period: Period, today: dt.date) -> bool:
    latest = half_year_of(min(period.last + dt.timedelta(days=1), today)).before
    return period.first <= latest.first


def by_half_year(months: Iterable[tuple[int | None, dt.date, int]]) -> ByHalfYear:
    """The people of each agency's months, in the half-years that the calendar has."""
    counts: ByHalfYear = {}
    for agency, month, people in months:
        of_all = counts.setdefault(half_year_of(month), {})
        of_all[agency] = of_all.get(agency, 0) + people
    return counts


def shown_of(counts: AgencyCounts) -> AgencyCounts:
    """The agencies of a half-year in which five people or more signed for the first time."""
    return {agency: people for agency, people in counts.items() if people >= SMALL_GROUP}


def _first_signings(scope: Scope, today: dt.date) -> Iterable[tuple[int | None, dt.date, int]]:
    """Agency, month and people, of the half-years that are over: the running one still changes."""
    running = half_year_of(today).start
    earlier = Revision.objects.signed().filter(
        Q(signed_at__lt=OuterRef("signed_at"))
        | Q(signed_at=OuterRef("signed_at"), pk__lt=OuterRef("pk")),
        agreement__agency=OuterRef("agreement__agency"),
        agreement__employee=OuterRef("agreement__employee"),
    )
    first = Revision.objects.signed().filter(
        ~Exists(earlier),
        agreement__agency__in=scope.whole_agencies(),
        signed_at__lt=running,
    )
    month = TruncMonth("signed_at", output_field=DateField(), tzinfo=OSLO)
    by_month = first.order_by().annotate(month=month).values("agreement__agency", "month")
    return by_month.annotate(people=Count("pk")).values_list("agreement__agency", "month", "people")
