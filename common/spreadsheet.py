"""Tables as files for a spreadsheet: XLSX, and CSV as Norwegian Excel opens it.

What people have written may begin like a formula, and a spreadsheet would run it for whoever opens
the file (OWASP: CSV injection). In XLSX a text is written as a text, whatever it says; CSV has no
types, so such a text gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from tempfile import TemporaryDirectory

import xlsxwriter
from django.http import HttpResponse

from common.dates import local, short_date, short_moment
from common.text import exportable, normalized

Cell = str | int | float | Decimal | dt.date | dt.datetime | None

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LONGEST_CELL = 32_767
FORBIDDEN_IN_SHEET_NAME = str.maketrans("", "", "[]:*?/\\'")


def xlsx(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet named `title`: headings in bold and held still, a filter on them, then the rows.

    Each row goes to a file as it comes, so that fifty thousand take no more memory than fifty. The
    folder of that file is gone afterwards, whatever happens meanwhile.
    """
    file = io.BytesIO()
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        _fill(book, title, headings, rows)
        book.close()
    return file.getvalue()


def _fill(
    book: xlsxwriter.Workbook,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
) -> None:
    sheet = book.add_worksheet(exportable(title).translate(FORBIDDEN_IN_SHEET_NAME)[:31])
    day = book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
    moment = book.add_format({"num_format": 'dd.mm.yyyy "kl." hh.mm', "align": "left"})
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 24)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, _fitting(exportable(heading)), bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, last, column, value, day, moment)
    sheet.autofilter(0, 0, last, len(headings) - 1)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Cell,
    day: xlsxwriter.format.Format,
    moment: xlsxwriter.format.Format,
) -> None:
    match value:
        case None:
            pass
        case dt.datetime():
            sheet.write_datetime(row, column, local(value).replace(tzinfo=None), moment)
        case dt.date():
            sheet.write_datetime(row, column, value, day)
        case int() | float() | Decimal():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, _fitting(exportable(str(value))))


def _fitting(text: str) -> str:
    """A cell that is longer than the format allows is else left out without a word."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Semicolons and a byte order mark: else Norwegian Excel reads neither columns nor æ."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(_csv_cell(heading) for heading in headings)
    for row in rows:
        writer.writerow(_csv_cell(value) for value in row)
    return "\N{BYTE ORDER MARK}" + file.getvalue()


def _csv_cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case dt.datetime():
            return short_moment(value)
        case dt.date():
            return short_date(value)
        case int() | float() | Decimal():
            return str(value).replace(".", ",")
    text = exportable(str(value))
    # Some programs pass over leading space, and take full-width signs for the plain ones.
    starts = normalized("NFKC", text).lstrip(" ")
    return f"'{text}" if starts.startswith(STARTS_FORMULA) else text


def xlsx_response(
    filename: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    return _download(xlsx(title, headings, rows), XLSX_TYPE, f"{filename}.xlsx")


def csv_response(
    filename: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    content = csv_text(headings, rows).encode()
    return _download(content, "text/csv; charset=utf-8", f"{filename}.csv")


def _download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store",
        },
    )
