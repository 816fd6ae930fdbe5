"""The report as rows for a spreadsheet: the same figures as the page, shares as plain numbers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.spreadsheet import Cell
from reports.figures import Participation
from reports.leaders import Reach
from reports.participation import Report
from reports.words import AGREEMENTS, COUNTED, TOO_FEW, WITHOUT_AGENCY


def headings() -> list[str]:
    return [
        _("Virksomhet"),
        *(str(definition.label) for definition in COUNTED),
        _("Ledere"),
        _("Ledere nådd (%)"),
        str(AGREEMENTS.label),
    ]


def rows(report: Report) -> list[list[Cell]]:
    """One row an agency and the sum last."""
    lines = [
        _line(str(row.agency or WITHOUT_AGENCY), row.figures, row.reach, row.agreements)
        for row in report.rows
    ]
    return [*lines, _line(_("Sum"), report.total, report.reach, report.agreements)]


def _line(name: str, figures: Participation, reach: Reach, agreements: int | None) -> list[Cell]:
    too_few = str(TOO_FEW)
    return [
        name,
        *(getattr(figures, definition.key) for definition in COUNTED),
        reach.leaders if reach.is_shown else too_few,
        round(reach.percent, 1) if reach.percent is not None else too_few,
        agreements if agreements is not None else too_few,
    ]
