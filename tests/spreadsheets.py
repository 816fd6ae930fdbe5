"""Workbooks for tests that care for their cells and not for what is said of them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from common.spreadsheet import About, Cell, Column, xlsx

ABOUT = About(
    scope="Solvik kommune",
    period="Våren 2026",
    hidden="Ingen tall er skjult.",
    made_at=dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC),
)


def columns(headings: Iterable[str]) -> list[Column]:
    return [Column(heading, f"Hva «{heading}» betyr.") for heading in headings]


def workbook(title: str, headings: Iterable[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    return xlsx(title, columns(headings), rows, ABOUT)


def first_sheet(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def widths_of(sheet: Worksheet) -> list[float]:
    """The width of each column: neighbours of one width stand as one in the file."""
    found: dict[int, float] = {}
    for one in sheet.column_dimensions.values():
        found |= dict.fromkeys(range(one.min, one.max + 1), one.width)
    return [found[place] for place in sorted(found)]
