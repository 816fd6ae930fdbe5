"""Tables as people paste and upload them, into numbered rows of cleaned cells."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from common.spreadsheet import about_titles
from common.text import clean_line, clean_text

MOST_ROWS = 5_000
MOST_COLUMNS = 200
LAST_ROW = 1_048_576
"""Of any sheet. One that says a higher number would have all that are not there read above it."""
MOST_UNPACKED = 30_000_000
"""Bytes that a workbook may hold once unpacked; one of some thousand people has a tenth of it."""
TALLEST_CELL = 20
"""Lines that one quoted cell may have; more, and it was no closing mark that was meant."""

MARKS_OF_ENCODING = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""That of UTF-32 begins as that of UTF-16 does, so it is asked for first."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")


class UnreadableFile(Exception):
    """No table can be read from the file; the message says what to do."""


TOO_LARGE = gettext_lazy("Regnearket er for stort. Lag en fil med bare deltakerne i.")


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """How much a workbook may hold: an upload is a stranger's, and fills nobody's machine."""

    rows: int = MOST_ROWS
    unpacked: int = MOST_UNPACKED
    too_large: Promise = TOO_LARGE
    """What is said of one that holds more, by what is looked for in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number where it stands, its cells, and itself as it was written."""

    number: int
    cells: tuple[str, ...]
    text: str


def rows_of_text(text: str) -> list[Row]:
    """Return the rows of text that hold something; a quoted cell may go over several lines.

    Cells are parted by what «sep=;» says, by tabs if there are any, else by semicolons or commas.
    """
    lines = clean_text(text, with_tabs=True).split("\n")
    first = 0
    mark = _delimiter(lines)
    if lines and re.match(r"\s*\"?sep=", lines[0], re.IGNORECASE):
        first, lines[0] = 1, ""
    records = _quoted(lines, mark) or [
        (number, line.split(mark), line) for number, line in enumerate(lines, start=1)
    ]
    rows = (Row(number, tuple(map(clean_line, cells)), raw) for number, cells, raw in records)
    return [row for row in rows if row.number > first and any(row.cells)]


def _delimiter(lines: list[str]) -> str:
    said = re.match(r"\s*\"?sep=(.)", lines[0], re.IGNORECASE) if lines else None
    if said:
        return said.group(1)
    for mark in "\t;":
        if any(mark in line for line in lines):
            return mark
    return ","


def _quoted(lines: list[str], mark: str) -> list[tuple[int, list[str], str]] | None:
    """Return number, cells and text of each record, or None where quotes are not in pairs."""
    if sum(line.count('"') for line in lines) % 2 or mark == '"':
        return None
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=mark)
    records: list[tuple[int, list[str], str]] = []
    begun = 0
    try:
        for cells in reader:
            if reader.line_num - begun > TALLEST_CELL:
                return None
            records.append((begun + 1, cells, "\n".join(lines[begun : reader.line_num])))
            begun = reader.line_num
    except csv.Error:  # one cell longer than a page
        return None
    return records


def rows_of_file(content: bytes) -> list[Row]:
    """Return the rows of a text file, or of the one sheet of an XLSX workbook that has any.

    Text is UTF-8, UTF-16 or what Windows writes in Norway. Raises UnreadableFile.
    """
    if is_workbook(content):
        return rows_of_workbook(content)
    return rows_of_text(_decoded(content))


def is_workbook(content: bytes) -> bool:
    """Whether it is packed as XLSX is. Raises UnreadableFile for an older or a locked workbook."""
    if content.startswith(OLE):
        raise UnreadableFile(
            _("Filen er i et eldre Excel-format eller er låst med passord. ")
            + _("Lagre den som .xlsx uten passord, og velg den på nytt.")
        )
    return content.startswith(ZIP)


def _unreadable() -> UnreadableFile:
    return UnreadableFile(
        _("Filen er ikke et regneark som kan leses. Lagre listen som .xlsx eller CSV, og velg den.")
    )


def _decoded(content: bytes) -> str:
    encodings = [likely_encoding(content)]
    if encodings == ["utf-8"]:
        encodings.append("cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if not NOT_IN_TEXT.search(text):
            return text
    raise _unreadable()


def likely_encoding(content: bytes) -> str:
    """Return what its mark says, else UTF-16 or UTF-8; whether it can be read so is not tried."""
    marks = (name for mark, name in MARKS_OF_ENCODING if content.startswith(mark))
    return next(marks, "") or _unmarked(content)


def _unmarked(content: bytes) -> str:
    """Return UTF-16 where every other byte is nearly always nought, as in text from Windows."""
    half = len(content) // 2
    for encoding, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
        if half and zeros.count(0) > half * 0.7:
            return encoding
    return "utf-8"


def rows_of_workbook(content: bytes, limits: WorkbookLimits = WorkbookLimits()) -> list[Row]:
    """Return the rows of the one visible sheet that has any. Raises UnreadableFile.

    Beside it there may be the sheet that our own files say in what they are.
    """
    _refuse_bomb(content, limits)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheets_read = [(sheet.title, list(_rows_of_sheet(sheet, limits))) for sheet in shown]
    except UnreadableFile:
        raise
    except Exception as error:  # whatever stands in a stranger's file, the library's own errors too
        raise _unreadable() from error
    filled = [(title, rows) for title, rows in sheets_read if rows]
    if len(filled) > 1:
        explaining = about_titles()
        filled = [(title, rows) for title, rows in filled if title not in explaining]
    if len(filled) > 1:
        sheets = ", ".join(f"«{title}»" for title, _rows in filled)
        raise UnreadableFile(
            _("Flere ark har innhold: %(sheets)s. Lagre en fil med bare ett ark.")
            % {"sheets": sheets}
        )
    return filled[0][1] if filled else []


def _rows_of_sheet(sheet: Any, limits: WorkbookLimits) -> Iterator[Row]:
    """Return the rows that hold something, with their numbers in the sheet.

    Raises UnreadableFile for one with nothing but what stands beyond any list.
    """
    sheet.reset_dimensions()  # what the file says of its size is no promise
    count, far_off = 0, ""
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > LAST_ROW:
            raise _unreadable()
        if not any(values):
            continue
        count += 1
        if count > limits.rows:
            raise _too_large(limits)
        cells = tuple(_in_words(value) for value in values[:MOST_COLUMNS])
        if any(cells):
            far_off = ""
            yield Row(number, cells, "\t".join(cells).rstrip("\t"))
        elif count == 1:
            far_off = _name_of_first_cell(number, values)
    if far_off:
        raise UnreadableFile(
            _(
                "Det eneste som står i arket, er i celle %(cell)s, langt utenfor det som leses. "
                "Flytt listen til den første kolonnen, lagre filen og velg den på nytt."
            )
            % {"cell": far_off}
        )


def _name_of_first_cell(number: int, values: Sequence[object]) -> str:
    column = next(place for place, value in enumerate(values, start=1) if value)
    return f"{get_column_letter(column)}{number}"


def _in_words(value: object) -> str:
    """Return what a cell shows: a number that a spreadsheet made of an id is the id again.

    Hours that are summed up («30:00») are no days and hours.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
        sign = "-" if value < dt.timedelta() else ""
        return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return "" if value is None else clean_line(str(value))


def _refuse_bomb(content: bytes, limits: WorkbookLimits) -> None:
    """Raise UnreadableFile for one that is small and fills the machine once unpacked.

    No part is read beyond the size that is declared for it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _unreadable() from error
    if size > limits.unpacked:
        raise _too_large(limits)


def _too_large(limits: WorkbookLimits) -> UnreadableFile:
    return UnreadableFile(str(limits.too_large))
