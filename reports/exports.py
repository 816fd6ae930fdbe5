"""The report as rows for a spreadsheet: the same figures as the page, shares as plain numbers."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.dates import long_date
from common.spreadsheet import About, Cell, Column
from reports.attendance import AttendanceSummary
from reports.bounds import Bounds
from reports.figures import Participation
from reports.participation import Report
from reports.scope import Scope
from reports.words import (
    AGREEMENTS,
    ATTENDED,
    COUNTED,
    NOT_COUNTED,
    REACH,
    SMALL_NUMBERS,
    WITHOUT_AGENCY,
    Definition,
    came_in_words,
    reach_in_words,
    signed_in_words,
)


def columns() -> list[Column]:
    """The columns of the files, each with what it means."""
    return [
        Column(
            _("Virksomhet"),
            _("Virksomheten folk jobbet i da de ble invitert eller meldte seg på."),
        ),
        *(_column(definition) for definition in COUNTED),
        _column(ATTENDED),
        Column(
            _("Ledere"),
            _(
                "Hvor mange som ledet en enhet i virksomheten den dagen det ble talt. "
                "Gjelder det siste halvåret som ligger helt i perioden."
            ),
        ),
        Column(_("Ledere nådd (%)"), str(REACH.meaning)),
        _column(AGREEMENTS),
    ]


def _column(definition: Definition) -> Column:
    return Column(str(definition.label), str(definition.meaning))


def about(report: Report, scope: Scope, made_at: dt.datetime) -> About:
    """What the file is of: the units that the reader's role is for, in the period."""
    return About(
        scope=", ".join(scope.names()),
        period=f"{long_date(report.period.first)} – {long_date(report.period.last)}",
        hidden=str(SMALL_NUMBERS),
        made_at=made_at,
    )


def rows(report: Report) -> list[list[Cell]]:
    """One row an agency and the sum last."""
    lines = [
        _line(str(row.agency or WITHOUT_AGENCY), row.figures, row.attendance, row.agreements)
        for row in report.rows
    ]
    return [*lines, _line(_("Sum"), report.total, report.attendance, report.agreements)]


def _line(
    name: str,
    figures: Participation,
    attendance: AttendanceSummary | None,
    agreements: Bounds | None,
) -> list[Cell]:
    return [
        name,
        *(getattr(figures, definition.key) for definition in COUNTED),
        *_of_attendance(attendance),
        _of_agreements(agreements),
    ]


def _of_agreements(agreements: Bounds | None) -> Cell:
    if agreements is None or not agreements.is_exact:
        return signed_in_words(agreements)
    return agreements.at_least


def _of_attendance(attendance: AttendanceSummary | None) -> list[Cell]:
    """Numbers where they are told as they are; else the words of the page."""
    came, share = came_in_words(attendance), reach_in_words(attendance)
    if attendance is None:
        return [came, NOT_COUNTED, share]
    reach = attendance.reach
    return [
        attendance.came.at_least if attendance.came.is_exact else came,
        reach.leaders,
        round(reach.percent, 1) if reach.came.is_exact else share,
    ]
