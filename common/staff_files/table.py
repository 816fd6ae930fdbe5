"""A staff file's bytes into numbered rows of cells: text in any encoding and delimiter, or XLSX."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.tables import (
    TALLEST_CELL,
    UnreadableFile,
    WorkbookLimits,
    is_workbook,
    likely_encoding,
    rows_of_workbook,
)

LIMITS = WorkbookLimits(
    rows=300_000,
    unpacked=500_000_000,
    too_large=gettext_lazy(
        "Regnearket er for stort for en fil om ansatte. Lag en med bare listen, eller bruk CSV."
    ),
)
"""HR's own file, and no stranger's: several times the largest municipality's."""
DELIMITERS = ";,\t|"
FIRST_LINES = 10
NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
TAB = "\t"
SAID_DELIMITER = re.compile(r'"?sep=([^\r\n"])"?[;,]*[^\S\r\n]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


class Record(NamedTuple):
    number: int
    cells: list[str]
    """As they are written."""
    fault: str = ""
    """Why the line could not be parted into cells."""


@dataclass(frozen=True)
class Table:
    encoding: str
    """As a person calls it; «XLSX» of a workbook."""
    delimiter: str
    records: Iterator[Record]
    is_cut: bool = False
    """The last line has no end, as in a file that was cut short."""
    size: int = 0
    """How many bytes were read."""


class UnreadableTable(Exception):
    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def open_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """Return the file's rows; what is not said of it is told by itself. Raises UnreadableTable."""
    try:
        content = path.read_bytes()
    except OSError:
        raise UnreadableTable(_("Filen kan ikke leses")) from None
    try:
        if is_workbook(content):
            return replace(_workbook(content), size=len(content))
    except UnreadableFile as unreadable:
        raise UnreadableTable(str(unreadable)) from unreadable
    text, name = _decoded(content, encoding)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableTable(_("Filen er ikke en tekstfil"), line)
    if not text.strip():
        raise UnreadableTable(_("Filen er tom"))
    text, said, skipped = _said_delimiter(text)
    mark = said or delimiter or _likely_delimiter(text)
    is_cut = not text.endswith(("\n", "\r"))
    return Table(name, mark, _records(text, mark, skipped), is_cut, len(content))


def _workbook(content: bytes) -> Table:
    rows = rows_of_workbook(content, LIMITS)
    if not rows:
        raise UnreadableTable(_("Filen er tom"))
    return Table("XLSX", "", (Record(row.number, list(row.cells)) for row in rows))


def _decoded(content: bytes, said: str) -> tuple[str, str]:
    """Return the text, and the name of its encoding.

    What is neither marked nor UTF-8 is Windows' own; but UTF-8 with a byte or two that have been
    damaged is still UTF-8, and the rows they stand in are found by the sign that is put for them.
    """
    encoding = likely_encoding(content)
    if said and encoding in ("utf-8", "utf-8-sig"):
        encoding = "utf-8-sig" if codecs.lookup(said).name == "utf-8" else said
    try:
        return content.decode(encoding), NAMES.get(encoding, encoding)
    except UnicodeError as error:
        if said or encoding != "utf-8":
            message = _("Filen er ikke skrevet som %(encoding)s")
            raise UnreadableTable(
                message % {"encoding": NAMES.get(encoding, encoding)}, _line_of(content, error)
            ) from error
    replaced = content.decode("utf-8", "replace")
    whole = sum(1 for sign in replaced if sign > "\x7f" and sign != "\ufffd")
    if whole >= replaced.count("\ufffd"):
        return replaced, NAMES["utf-8"]
    try:
        return content.decode("cp1252"), NAMES["cp1252"]
    except UnicodeError as error:
        message = _("Tegnsettet er ukjent. Lagre filen som «CSV UTF-8».")
        raise UnreadableTable(message, _line_of(content, error)) from error


def _line_of(content: bytes, error: UnicodeError) -> int:
    if isinstance(error, UnicodeDecodeError):
        return content.count(b"\n", 0, error.start) + 1
    return 0


def _said_delimiter(text: str) -> tuple[str, str, int]:
    """Return the text below, what parts its cells, and how many lines were above.

    «sep=;» in the first line is Excel's own word for it.
    """
    if said := SAID_DELIMITER.match(text):
        return text[said.end() :], said[1], 1
    return text, "", 0


def _likely_delimiter(text: str) -> str:
    """Whichever stands in most of the first lines, and of those most often in one.

    It stands in each that has cells, the header too. A title of a course may hold more commas than
    there are columns, but not each of them does.
    """
    lines = list(_first_lines(text))

    def merit(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        return len([count for count in counts if count]), max(counts)

    return max(DELIMITERS, key=merit)


def _first_lines(text: str) -> Iterator[str]:
    """Lines may end as on an old Mac, and the whole file must not pass for one of them."""
    for line, _number in zip(io.StringIO(text, newline=None), range(FIRST_LINES), strict=False):
        yield line


def _records(text: str, mark: str, skipped: int) -> Iterator[Record]:
    if _quotes_are_in_pairs(text, mark):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        previous = 0
        for cells in reader:
            yield Record(previous + 1 + skipped, cells)
            previous = reader.line_num
        return
    for number, line in enumerate(io.StringIO(text, newline=None), start=1 + skipped):
        try:
            cells = next(csv.reader([line], delimiter=mark, strict=True), [])
        except csv.Error:
            yield Record(number, line.split(mark), _("Anførselstegnene går ikke opp"))
        else:
            yield Record(number, cells)


def _quotes_are_in_pairs(text: str, mark: str) -> bool:
    """One that is not closed would swallow the lines below it, or all of them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    begun = 0
    try:
        for _cells in reader:
            if reader.line_num - begun > TALLEST_CELL:
                return False
            begun = reader.line_num
    except csv.Error:
        return False
    return True
