"""The participation report: one row an agency, and what may be summed of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from people.models import FormerAgency, Level, Unit
from reports.agreements import signed_by_agency
from reports.attendance import AttendanceSummary, attendance_by_agency
from reports.bounds import Bounds
from reports.figures import Participation, of_seminars_in, participation_by, total
from reports.period import Period, counted_half_year, half_year_of, half_years_within
from reports.scope import Scope
from reports.words import WITHOUT_AGENCY, came_in_words, reach_in_words, signed_in_words
from seminars.models import Seminar


@dataclass(frozen=True)
class AgencyRow:
    """An agency's figures; `agency` is None for people who were in none."""

    agency: Unit | None
    figures: Participation
    attendance: AttendanceSummary | None
    agreements: Bounds | None
    """None where no half-year is counted in the period."""

    @property
    def name(self) -> str:
        """As one searches for it."""
        return str(self.agency.name if self.agency else WITHOUT_AGENCY).casefold()

    @property
    def came(self) -> str:
        return came_in_words(self.attendance)

    @property
    def reach(self) -> str:
        return reach_in_words(self.attendance)

    @property
    def signed(self) -> str:
        return signed_in_words(self.agreements)


@dataclass(frozen=True)
class Report:
    period: Period
    rows: list[AgencyRow]
    today: dt.date

    @property
    def attended_in(self) -> Period | None:
        """The half-years that those who came are told of; None where none is counted."""
        if self.attendance is None:
            return None
        return half_years_within(self.period, counted_half_year(self.today))

    @property
    def reached_in(self) -> Period | None:
        """The latest of them, which the share of leaders is about."""
        within = self.attended_in
        return half_year_of(within.last) if within else None

    @property
    def signed_in(self) -> Period | None:
        if self.agreements is None:
            return None
        return half_years_within(self.period, half_year_of(self.today).before)

    def named(self, words: str) -> list[AgencyRow]:
        """The rows of the agencies whose name has the words in it; all of them for none."""
        wanted = words.casefold().split()
        return [row for row in self.rows if all(word in row.name for word in wanted)]

    @property
    def total(self) -> Participation:
        return total(row.figures for row in self.rows)

    @property
    def attendance(self) -> AttendanceSummary | None:
        """The sum of what is told; None where no half-year is counted in the period."""
        told = [row.attendance for row in self.rows if row.attendance is not None]
        return sum(told, start=AttendanceSummary()) if told else None

    @property
    def came(self) -> str:
        return came_in_words(self.attendance)

    @property
    def reach(self) -> str:
        return reach_in_words(self.attendance)

    @property
    def agreements(self) -> Bounds | None:
        """The sum of what is told; None where no half-year is counted in the period."""
        told = [row.agreements for row in self.rows if row.agreements is not None]
        return sum(told, start=Bounds()) if told else None

    @property
    def signed(self) -> str:
        return signed_in_words(self.agreements)

    @property
    def most_registered(self) -> int:
        return max((row.figures.registered for row in self.rows), default=0)

    @property
    def largest(self) -> list[AgencyRow]:
        """What the chart shows: those with most registered, at most fifteen."""
        rows = [row for row in self.rows if row.figures.registered]
        return sorted(rows, key=lambda row: -row.figures.registered)[:15]


def participation_report(scope: Scope, period: Period, now: dt.datetime) -> Report:
    today = timezone.localdate(now)
    figures = participation_by("agency", of_seminars_in(period), scope, now)
    attendance = attendance_by_agency(scope, period)
    agreements = signed_by_agency(scope, period, today)
    counted = Q(pk__in=[pk for pk in figures if pk])
    shown = scope.agencies().filter(
        counted | Q(valid_from__lte=period.last),
        counted | Q(valid_to__isnull=True) | Q(valid_to__gte=period.first),
        counted
        | Q(level=Level.AGENCY)
        | Q(pk__in=FormerAgency.objects.filter(until__gte=period.first).values("agency")),
    )
    agencies: list[Unit | None] = list(shown)
    if None in figures:
        agencies.append(None)
    rows = [
        AgencyRow(
            agency,
            figures.get(_key(agency), Participation()),
            None if attendance is None else _told(attendance, agency),
            None if agreements is None else agreements.get(_key(agency), Bounds()),
        )
        for agency in agencies
    ]
    return Report(period, rows, today)


def _told(attendance: dict[int, AttendanceSummary], agency: Unit | None) -> AttendanceSummary:
    return AttendanceSummary() if agency is None else attendance.get(agency.pk, AttendanceSummary())


def _key(agency: Unit | None) -> int | None:
    return None if agency is None else agency.pk


@dataclass(frozen=True)
class SeminarRow:
    seminar: Seminar
    figures: Participation


def agency_seminars(
    agency: Unit, scope: Scope, period: Period, now: dt.datetime
) -> list[SeminarRow]:
    """The seminars behind an agency's row, newest first; their figures add up to it."""
    which = of_seminars_in(period) & Q(agency=agency)
    figures = participation_by("seminar", which, scope, now)
    seminars = Seminar.objects.filter(pk__in=list(figures)).only("title", "starts_at")
    return [
        SeminarRow(seminar, figures[seminar.pk])
        for seminar in seminars.order_by("-starts_at", "-pk")
    ]


@dataclass(frozen=True)
class SeminarAgencyRow:
    agency: Unit | None
    figures: Participation


def seminar_agencies(seminar: Seminar, scope: Scope, now: dt.datetime) -> list[SeminarAgencyRow]:
    """Where the people of one seminar came from, as far as the scope reaches."""
    figures = participation_by("agency", Q(seminar=seminar), scope, now)
    agencies: list[Unit | None] = list(scope.agencies().filter(pk__in=[a for a in figures if a]))
    if None in figures:
        agencies.append(None)
    return [SeminarAgencyRow(agency, figures[_key(agency)]) for agency in agencies]
