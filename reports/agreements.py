"""How many agreements are signed, told in groups of at least five people or not at all.

The attack to withstand is subtraction: the municipality less its agencies, or one period less
another. So nothing is ever counted for a period or a part as such. Each agency's months are merged,
from the first one on, into blocks of at least five people; blocks are the same for every reader and
every question, and never change afterwards. What is shown is a sum of whole blocks, so whatever is
added or subtracted, the answer is again a sum of groups of at least five.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, DateField, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from commitments.models import Revision
from common.dates import OSLO
from common.small_groups import SMALL_GROUP
from reports.period import Period
from reports.scope import Scope


@dataclass(frozen=True)
class Block:
    """Consecutive whole months in which at least five people signed for the first time."""

    first_month: dt.date
    last_month: dt.date
    people: int

    def is_within(self, period: Period) -> bool:
        return period.holds_month(self.first_month) and period.holds_month(self.last_month)


def blocks(months: Iterable[tuple[dt.date, int]]) -> list[Block]:
    """Merge an agency's months, oldest first, closing a block as soon as it holds five people.

    What has not yet become five waits for later months, and is not shown meanwhile.
    """
    closed: list[Block] = []
    first, people = None, 0
    for month, count in sorted(months):
        first, people = first or month, people + count
        if people >= SMALL_GROUP:
            closed.append(Block(first, month, people))
            first, people = None, 0
    return closed


def signed_by_agency(scope: Scope, period: Period, today: dt.date) -> dict[int | None, int]:
    """People whose first agreement in the agency was signed, in the blocks within the period.

    Only for agencies that lie within from top to bottom. An agency without a block in the period
    is left out: whether that is four people or none is not told.
    """
    months: defaultdict[int | None, list[tuple[dt.date, int]]] = defaultdict(list)
    for agency, month, count in _first_signings(scope, today):
        months[agency].append((month, count))
    sums = {
        agency: sum(block.people for block in blocks(counted) if block.is_within(period))
        for agency, counted in months.items()
    }
    return {agency: people for agency, people in sums.items() if people}


def _first_signings(scope: Scope, today: dt.date) -> Iterable[tuple[int | None, dt.date, int]]:
    """Agency, month and people, for the months that are over: the running one still changes."""
    this_month = dt.datetime.combine(today.replace(day=1), dt.time.min, OSLO)
    earlier = Revision.objects.signed().filter(
        Q(signed_at__lt=OuterRef("signed_at"))
        | Q(signed_at=OuterRef("signed_at"), pk__lt=OuterRef("pk")),
        agreement__agency=OuterRef("agreement__agency"),
        agreement__employee=OuterRef("agreement__employee"),
    )
    first = Revision.objects.signed().filter(
        ~Exists(earlier),
        agreement__agency__in=scope.whole_agencies(),
        signed_at__lt=this_month,
    )
    month = TruncMonth("signed_at", output_field=DateField(), tzinfo=OSLO)
    by_month = first.order_by().annotate(month=month).values("agreement__agency", "month")
    return by_month.annotate(people=Count("pk")).values_list("agreement__agency", "month", "people")
