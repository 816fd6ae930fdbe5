"""How many agreements are signed, told so that nobody is known to have signed or not to have.

The attack to withstand is subtraction: the municipality less its agencies, or one period less
another. So nothing is ever counted for a period or a part as such, but for each agency and whole
half-year that is over. Which months a group spans is a matter of the calendar and not of who
signed when: where a group ended as soon as it was small no longer, its ends told in which months
somebody had signed.

The other attack is the rest: who works where is known, so that «6» of six, or ten in spring and
ten in autumn of the same twenty, tells of each that they signed. So each half-year is told within
bounds of those who could have signed and are needed for nothing that is told before it. Of any
four people all may have signed, and none, whatever is told.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, DateField, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from commitments.models import Revision
from common.dates import OSLO
from people.models import AGENCY_DAYS_SQL
from reports.bounds import Bounds, bounds_of
from reports.period import Period, half_year_of
from reports.scope import Scope

AgencyBounds = dict[int | None, Bounds]
AgencyCounts = dict[int | None, int]
ByHalfYear = dict[Period, AgencyCounts]


@dataclass(frozen=True, order=True)
class Spell:
    """So many people who worked in one agency from one month until the beginning of another."""

    until: dt.date
    since: dt.date
    people: int

    def covers_the_end_of(self, half_year: Period) -> bool:
        return self.since <= half_year.last < self.until


Spells = Mapping[int, list[Spell]]


def signed_by_agency(scope: Scope, period: Period, today: dt.date) -> AgencyBounds | None:
    """People whose first agreement in the agency was signed, in the half-years within the period.

    Only for agencies that lie within from top to bottom. None where no half-year that is over lies
    within the period.
    """
    if not _holds_a_half_year_that_is_over(period, today):
        return None
    counts = by_half_year(_first_signings(scope, today))
    told: defaultdict[int | None, Bounds] = defaultdict(Bounds)
    for agency, spells in _spells(scope).items():
        signed = {half_year: of_all.get(agency, 0) for half_year, of_all in counts.items()}
        for half_year, bounds in told_of(signed, spells, today):
            if half_year.is_within(period):
                told[agency] += bounds
    return dict(told)


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


def told_of(
    signed: Mapping[Period, int], spells: list[Spell], today: dt.date
) -> Iterator[tuple[Period, Bounds]]:
    """Each half-year of an agency that is over, with what may be told of how many signed in it.

    `free` are those of whom nothing that was told needs a signature. What is told of a half-year
    takes its people from those who leave first: were it anybody else who signed, fewer would be
    left for the next.
    """
    free = sorted(spells)
    half_year = half_year_of(min((spell.since for spell in spells), default=today))
    while half_year.last < today:
        could = sum(spell.people for spell in free if spell.covers_the_end_of(half_year))
        bounds = bounds_of(signed.get(half_year, 0), could)
        free = list(_without(bounds.at_least, free, half_year))
        yield half_year, bounds
        half_year = half_year.next


def _without(people: int, spells: Iterable[Spell], half_year: Period) -> Iterator[Spell]:
    for spell in spells:
        taken = min(people, spell.people) if spell.covers_the_end_of(half_year) else 0
        people -= taken
        yield Spell(spell.until, spell.since, spell.people - taken)


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


_SPELLS_SQL = (
    f"WITH place AS ({AGENCY_DAYS_SQL}),"  # noqa: S608 (constants)
    """
    worked AS (
        SELECT place.agency_id,
               range_agg(daterange(position.valid_from, position.valid_to, '[]') * place.days)
                   AS days
        FROM people_position position JOIN place ON place.unit_id = position.unit_id
        WHERE place.agency_id = ANY(%s)
          AND daterange(position.valid_from, position.valid_to, '[]') && place.days
        GROUP BY place.agency_id, position.user_id
    ), latest AS (
        SELECT agency_id,
               date_trunc('month', lower(spell))::date AS since,
               coalesce(date_trunc('month', upper(spell))::date, '9999-12-31') AS until
        FROM worked CROSS JOIN LATERAL (
            SELECT spell FROM unnest(days) spell ORDER BY spell DESC LIMIT 1
        ) last
    )
    SELECT agency_id, until, since, count(*) FROM latest GROUP BY 1, 2, 3
"""
)
"""By the agency that the unit was part of on those days: a unit that has been moved takes nobody
out of a half-year that is over."""


def _spells(scope: Scope) -> Spells:
    """Who worked in each agency and when: of each person the latest time without a break."""
    agencies = list(scope.whole_agencies().values_list("pk", flat=True))
    spells: Spells = {agency: [] for agency in agencies}
    with connection.cursor() as cursor:
        cursor.execute(_SPELLS_SQL, [agencies])
        for agency, until, since, people in cursor.fetchall():
            spells[agency].append(Spell(until, since, people))
    return spells
