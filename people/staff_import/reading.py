"""A CSV file as HR systems write them, into lines of named cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from common.addresses import clean_address
from common.text import clean_line
from people.staff_import.damage import damage
from people.staff_import.faults import StaffFileFault

OPEN_END = 2200
"""HR systems write an end that is none as the last day they know: 31.12.9999 and the like."""
FIRST_YEAR = 1900
YES = {"ja", "j", "x", "1", "true"}
NO = {"nei", "n", "0", "false"}


@dataclass(frozen=True)
class StaffFileColumn:
    name: str
    is_required: bool = False
    """The column must be there."""
    is_filled: bool = False
    """Every cell in it must hold something."""
    max_length: int = 0


class StaffFileLine:
    """One line's cells; a cell that cannot be read becomes a fault and an empty value."""

    __slots__ = ("_cells", "_source", "number")

    def __init__(self, source: StaffFile, number: int, cells: dict[str, str]) -> None:
        self._source = source
        self._cells = cells
        self.number = number

    def fault(self, column: str, message: str) -> None:
        self._source.fault(self.number, column, message)

    def text(self, column: str) -> str:
        return self._cells.get(column, "")

    def date(self, column: str) -> dt.date | None:
        value = self.text(column)
        if not value:
            return None
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                day = dt.datetime.strptime(value, form).date()  # noqa: DTZ007 (a day, no hour)
            except ValueError:
                continue
            if day.year >= FIRST_YEAR:
                return day
        self.fault(column, _("«%(value)s» er ikke en dato") % {"value": value})
        return None

    def last_day(self, column: str) -> dt.date | None:
        """A date, or None where it stands for no end at all."""
        day = self.date(column)
        return None if day and day.year >= OPEN_END else day

    def dates(self, first: str, last: str) -> tuple[dt.date | None, dt.date | None]:
        begins, ends = self.date(first), self.last_day(last)
        if begins and ends and ends < begins:
            self.fault(last, _("Slutter før den begynner"))
        return begins, ends

    def is_yes(self, column: str) -> bool:
        value = self.text(column).lower()
        if value and value not in YES | NO:
            self.fault(column, _("«%(value)s» er verken ja eller nei") % {"value": value})
        return value in YES

    def choice(self, column: str, choices: dict[str, str]) -> str:
        value = self.text(column).lower()
        if value and value not in choices:
            known = ", ".join(choices)
            self.fault(
                column,
                _("«%(value)s» er ikke en av: %(known)s") % {"value": value, "known": known},
            )
        return choices.get(value, "")

    def email(self, column: str) -> str:
        value = clean_address(self.text(column))
        try:
            if value:
                validate_email(value)
        except ValidationError:
            self.fault(column, _("«%(value)s» er ikke en e-postadresse") % {"value": value})
        return value


class StaffFile:
    """A file being read. What is wrong in it gathers in `faults`, in the order it is found."""

    def __init__(self, path: Path, columns: list[StaffFileColumn]) -> None:
        self.name = path.name
        self.faults: list[StaffFileFault] = []
        self.unread_columns: list[str] = []
        self._path = path
        self._columns = columns

    def fault(self, line: int, column: str, message: str) -> None:
        self.faults.append(StaffFileFault(self.name, line, column, message))

    def lines(self) -> Iterator[StaffFileLine]:
        text = self._text()
        if text is None:
            return
        text, delimiter, skipped = _delimiter(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            header = [clean_line(name).lower() for name in next(reader, [])]
            if self._accepts(header):
                yield from self._rows(reader, header, skipped)
        except csv.Error:
            self.fault(reader.line_num, "", _("Anførselstegnene går ikke opp"))

    def _text(self) -> str | None:
        try:
            content = self._path.read_bytes()
            text = content.decode("utf-8-sig")
        except OSError:
            self.fault(0, "", _("Filen kan ikke leses"))
            return None
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.fault(line, "", _("Filen er ikke UTF-8. Lagre den som «CSV UTF-8»."))
            return None
        if "\0" in text:
            self.fault(
                text.count("\n", 0, text.index("\0")) + 1, "", _("Filen er ikke en tekstfil")
            )
            return None
        if not text.strip():
            self.fault(0, "", _("Filen er tom"))
            return None
        return text

    def _accepts(self, header: list[str]) -> bool:
        known = {column.name for column in self._columns}
        required = [column.name for column in self._columns if column.is_required]
        self.unread_columns = [name for name in header if name and name not in known]
        for name in required:
            if name not in header:
                self.fault(1, name, _("Kolonnen mangler"))
        for name in sorted(known):
            if header.count(name) > 1:
                self.fault(1, name, _("Kolonnen står flere ganger"))
        return not self.faults

    def _rows(
        self, reader: Iterator[list[str]], header: list[str], skipped: int
    ) -> Iterator[StaffFileLine]:
        """`skipped` is how many lines stood above the header."""
        width, previous, is_empty = len(header), reader.line_num, True  # type: ignore[attr-defined]
        for row in reader:
            number, previous = previous + 1 + skipped, reader.line_num  # type: ignore[attr-defined]
            cells = [clean_line(cell) for cell in row]
            if not any(cells):
                continue
            is_empty = False
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if len(cells) != width:
                self.fault(
                    number,
                    "",
                    _("%(found)d felt der overskriften har %(expected)d")
                    % {"found": len(cells), "expected": width},
                )
                continue
            line = StaffFileLine(self, number, dict(zip(header, cells, strict=True)))
            self._check_cells(line, dict(zip(header, row, strict=False)))
            yield line
        if is_empty:
            self.fault(0, "", _("Filen har ingen linjer under overskriften"))

    def _check_cells(self, line: StaffFileLine, as_written: dict[str, str]) -> None:
        for column in self._columns:
            value = line.text(column.name)
            if fault := damage(value, as_written.get(column.name, "")):
                line.fault(column.name, fault)
            if column.is_filled and not value:
                line.fault(column.name, _("Feltet er tomt"))
            if column.max_length and len(value) > column.max_length:
                line.fault(
                    column.name,
                    _("Mer enn %(max)d tegn") % {"max": column.max_length},
                )


def _delimiter(text: str) -> tuple[str, str, int]:
    """Return the text from its header on, what parts its cells, and how many lines were above.

    «sep=;» in the first line is Excel's own word for it; else it is whichever stands most often in
    the header, since names of columns hold none.
    """
    first, _break, rest = text.partition("\n")
    if said := re.fullmatch(r'"?sep=(.)"?[;,]*\s*', first, re.IGNORECASE):
        return rest, said[1], 1
    return text, max(";,\t|", key=first.count), 0
