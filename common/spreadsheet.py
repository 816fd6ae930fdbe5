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
from dataclasses import dataclass
from decimal import Decimal
from tempfile import TemporaryDirectory

import xlsxwriter
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from common.dates import local, short_date, short_moment
from common.dates import moment as moment_in_words
from common.languages import LANGUAGES
from common.text import exportable, normalized

Cell = str | int | float | Decimal | dt.date | dt.datetime | None

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LONGEST_CELL = 32_767
NARROWEST, WIDEST = 9, 60
FILTER_ARROW = 3
"""Letters: a long text is read in its cell, and a heading has the arrow of its filter."""
FORBIDDEN_IN_SHEET_NAME = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True)
class Column:
    """A column of a file, and what it means to whoever gets the file without the page."""

    heading: str
    meaning: str


@dataclass(frozen=True)
class About:
    """What stands in a file about the whole of it."""

    scope: str
    """Of what: which units, or which seminar."""
    period: str
    hidden: str
    """By which rule small numbers are left out, or that none are."""
    made_at: dt.datetime


ABOUT_SHEET = gettext_lazy("Om filen")


def about_titles() -> set[str]:
    """Return the names that the second sheet of our own files may have."""
    titles = set()
    for language in LANGUAGES:
        with translation.override(language):
            titles.add(str(ABOUT_SHEET))
    return titles


def xlsx(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], about: About
) -> bytes:
    """A sheet named `title` with the rows, and one that says what they are.

    The headings are bold and held still, with a filter on them, and each column is as wide as what
    it holds. Each row goes to a file as it comes, so that fifty thousand take no more memory than
    fifty. The folder of that file is gone afterwards, whatever happens meanwhile.
    """
    file = io.BytesIO()
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        _fill(book, title, [column.heading for column in columns], rows)
        _explain(book, title, columns, about)
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
    widths = [_width(heading) + FILTER_ARROW for heading in headings]
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, _fitting(exportable(heading)), bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, last, column, value, day, moment)
            widths[column] = max(widths[column], _width(value))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, WIDEST))
    sheet.autofilter(0, 0, last, len(headings) - 1)


def _width(value: Cell) -> int:
    """How many letters a cell takes, with a little air."""
    match value:
        case None:
            return NARROWEST
        case dt.datetime():
            text = short_moment(value)
        case dt.date():
            text = short_date(value)
        case _:
            text = str(value)
    return max(NARROWEST, *(len(line) + 2 for line in text.splitlines() or [""]))


def _explain(
    book: xlsxwriter.Workbook, title: str, columns: Sequence[Column], about: About
) -> None:
    """The second sheet: what the file is about, and what each of its columns means."""
    sheet = book.add_worksheet(str(ABOUT_SHEET))
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    facts = [
        (gettext("Innhold"), title),
        (gettext("Gjelder"), about.scope),
        (gettext("Periode"), about.period),
        (gettext("Laget"), moment_in_words(about.made_at)),
        (gettext("Små tall"), about.hidden),
    ]
    meanings = [(column.heading, column.meaning) for column in columns]
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    for row, (label, text) in enumerate(facts):
        _write_words(sheet, row, label, text, bold, plain)
    # A row between the two tables; and each in its turn, as nothing is kept of those before.
    head = len(facts) + 1
    _write_words(sheet, head, gettext("Kolonne"), gettext("Hva den betyr"), bold, bold)
    for row, (label, text) in enumerate(meanings, start=head + 1):
        _write_words(sheet, row, label, text, bold, plain)


def _write_words(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    label: str,
    text: str,
    first: xlsxwriter.format.Format,
    second: xlsxwriter.format.Format,
) -> None:
    for column, (words, look) in enumerate(((label, first), (text, second))):
        sheet.write_string(row, column, _fitting(exportable(words)), look)


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
    filename: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    about: About,
) -> HttpResponse:
    return _download(xlsx(title, columns, rows, about), XLSX_TYPE, f"{filename}.xlsx")


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
