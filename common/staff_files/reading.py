"""A staff file as HR systems write it, into lines of cells by the field they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from common.addresses import clean_address
from common.staff_files import cells
from common.staff_files.damage import damage
from common.staff_files.faults import StaffFileFault
from common.staff_files.file_map import FileSection
from common.staff_files.headings import columns_by_heading, folded
from common.staff_files.table import FIRST_LINES, TAB, Record, Table, UnreadableTable, open_table
from common.text import clean_line

NAME_PARTS = ("fornavn", "etternavn")


@dataclass(frozen=True)
class StaffFileColumn:
    name: str
    is_required: bool = False
    """The column must be there."""
    is_filled: bool = False
    """Every cell in it must hold something."""
    max_length: int = 0
    is_of_person: bool = False
    """Its cells are what a person is called."""


class StaffFileLine:
    """One line's cells by field; one that cannot be read sets the row aside, and is empty."""

    __slots__ = ("_cells", "_source", "faulty", "number")

    def __init__(self, source: StaffFile, number: int, values: dict[str, str]) -> None:
        self._source = source
        self._cells = values
        self.number = number
        self.faulty: list[str] = []

    @property
    def owner(self) -> str:
        """Whom or which unit the row speaks of, as far as that can be read."""
        return "" if "hr_id" in self.faulty else self.text("hr_id")

    def fault(self, column: str, message: str) -> None:
        self.faulty.append(column)
        self._source.set_row_aside(self.number, column, message)

    def text(self, column: str) -> str:
        return self._cells.get(column, "")

    def _day(self, column: str) -> tuple[dt.date | None, str]:
        value = self.text(column)
        if not value or value in cells.NO_DAYS:
            return None, ""
        day, written = cells.read_day(value, month_first=self._source.section.is_month_first)
        if day is None:
            if cells.looks_like_day(value):
                self.fault(column, _("Datoen finnes ikke"))
            else:
                self.fault(column, _("Ikke en dato, men %(kind)s") % {"kind": cells.kind_of(value)})
            return None, ""
        self._source.days_written[written] = None
        return day, written

    def date(self, column: str) -> dt.date | None:
        day, _written = self._day(column)
        if day and day.year >= cells.NO_END_YEAR:
            self.fault(column, _("En dag som aldri kommer"))
            return None
        return day

    def last_day(self, column: str) -> dt.date | None:
        """A date, or None where it stands for no end at all."""
        day, written = self._day(column)
        if day and (cells.is_no_end(day, written) or day in self._source.section.no_end):
            return None
        return day

    def dates(self, first: str, last: str) -> tuple[dt.date | None, dt.date | None]:
        begins, ends = self.date(first), self.last_day(last)
        if begins and ends and ends < begins:
            self.fault(last, _("Slutter før den begynner"))
        return begins, ends

    def is_yes(self, column: str) -> bool:
        value, section = self.text(column).casefold(), self._source.section
        if value in section.yes:
            return True
        if not value or value in section.no or (value in cells.NO):
            return False
        if value in cells.YES:
            return True
        self.fault(column, _("Verken ja eller nei, men %(kind)s") % {"kind": cells.kind_of(value)})
        return False

    def choice(self, column: str, choices: dict[str, str]) -> str:
        value = self.text(column).casefold()
        theirs = self._source.section.values.get(column, {})
        found = choices.get(theirs.get(value, value), "")
        if value and not found:
            known = {"known": ", ".join(theirs or choices), "kind": cells.kind_of(value)}
            self.fault(column, _("Ikke en av %(known)s, men %(kind)s") % known)
        return found

    def email(self, column: str) -> str:
        written = self.text(column)
        value = clean_address(written)
        try:
            if value:
                validate_email(value)
        except ValidationError:
            kind = {"kind": cells.kind_of(written)}
            self.fault(column, _("Ikke en e-postadresse, men %(kind)s") % kind)
        return value


class StaffFile:
    """A file being read.

    What keeps it from being read at all gathers in `faults`; rows that are set aside, with what is
    wrong in them, in `set_aside`, in the order it is found.
    """

    def __init__(
        self,
        path: Path,
        columns: list[StaffFileColumn],
        headings: dict[str, tuple[str, ...]],
        section: FileSection,
    ) -> None:
        self.name = path.name
        self.section = section
        self.faults: list[StaffFileFault] = []
        self.set_aside: list[StaffFileFault] = []
        self.count = 0
        """Rows that hold something."""
        self.has_unreadable_rows = False
        """Rows of which cannot be told whom they speak of."""
        self.days_written: dict[str, None] = {}
        """The ways in which days are written, each once."""
        self.fields: dict[str, list[int]] = {}
        """The columns that each field is read from."""
        self._header: list[str] = []
        self._table: Table | None = None
        self._path = path
        self._columns = columns
        self._headings = headings

    def fault(self, line: int, column: str, message: str) -> None:
        self.faults.append(StaffFileFault(self.name, line, column, message))

    def set_row_aside(self, line: int, column: str, message: str) -> None:
        self.set_aside.append(self.row_fault(line, column, message))

    def row_fault(self, line: int, column: str, message: str) -> StaffFileFault:
        """Return what is wrong in a row, by what the file itself calls the column."""
        return StaffFileFault(self.name, line, self._heading(column), message)

    def rows_set_aside(self) -> int:
        return len({fault.line for fault in self.set_aside})

    def read_as(self) -> list[str]:
        """Return in words what was read as what; nothing of a file that could not be opened."""
        if self._table is None:
            return []
        said = [self.name, self._table.encoding]
        if mark := self._table.delimiter:
            shown = _("tabulator") if mark == TAB else f"«{mark}»"
            said.append(_("skilletegn %(mark)s") % {"mark": shown})
        fields = ", ".join(self._field_read_as(name) for name in self.fields)
        lines = [f"{self.name}: {', '.join(said[1:])}", f"  {fields}"]
        if self.days_written:
            written = ", ".join(self.days_written)
            lines.append("  " + _("datoer skrevet som %(days)s") % {"days": written})
        if unread := self.unread_columns():
            names = {"names": ", ".join(unread)}
            lines.append("  " + _("kolonner som ikke er lest: %(names)s") % names)
        return lines

    def _field_read_as(self, field: str) -> str:
        """The field alone where the file calls it the same."""
        heading = self._heading(field)
        return field if heading == field else f"{heading} → {field}"

    def unread_columns(self) -> list[str]:
        read = {place for places in self.fields.values() for place in places}
        return [name for place, name in enumerate(self._header) if name and place not in read]

    def _heading(self, field: str) -> str:
        """What the file itself calls the column."""
        places = self.fields.get(field, ())
        return " + ".join(self._header[place] for place in places) or field

    def lines(self) -> Iterator[StaffFileLine]:
        try:
            table = open_table(
                self._path, encoding=self.section.encoding, delimiter=self.section.delimiter
            )
        except UnreadableTable as unreadable:
            self.fault(unreadable.line, "", str(unreadable))
            return
        self._table = table
        records = (one for one in table.records if one.fault or any(map(str.strip, one.cells)))
        first = list(islice(records, FIRST_LINES))
        at = self._place_of_header(first)
        self._header = [clean_line(cell) for cell in first[at].cells]
        if self._accepts(first[at].number):
            yield from self._rows(chain(first[at + 1 :], records), table)
        if self._is_being_written(table):
            self.fault(
                0, "", _("Filen ble skrevet mens den ble lest. Importer den når den er hel.")
            )

    def _is_being_written(self, table: Table) -> bool:
        """Whether it has grown since it was read: half of it would end what the rest speaks of."""
        try:
            return self._path.stat().st_size > table.size
        except OSError:
            return False

    def _place_of_header(self, first: list[Record]) -> int:
        """The first line with two known headings: reports have their own title above them.

        Where the next knows more, the first is merged cells over groups of columns.
        """
        if self.section.columns:
            known = {folded(one) for several in self.section.columns.values() for one in several}
        else:
            known = {folded(one) for several in self._headings.values() for one in several}
        counts = [len(known & {folded(cell) for cell in record.cells}) for record in first]
        place = next((place for place, count in enumerate(counts) if count > 1), 0)
        is_merged = counts[place] > 1 and counts[place + 1 : place + 2] > [counts[place]]
        return place + 1 if is_merged else place

    def _accepts(self, number: int) -> bool:
        if self.section.columns:
            self.fields = self._columns_of_map()
        else:
            self.fields = columns_by_heading(self._headings, self._header)
            self._put_name_together()
        for column in self._columns:
            if column.is_required and column.name not in self.fields:
                self.fault(number, column.name, _("Kolonnen mangler"))
        for places in self.fields.values():
            if len({folded(self._header[place]) for place in places}) < len(places):
                self.fault(number, self._header[places[0]], _("Kolonnen står flere ganger"))
        return not self.faults

    def _put_name_together(self) -> None:
        parts = [self.fields.get(name, []) for name in NAME_PARTS]
        if "navn" not in self.fields and all(parts):
            self.fields["navn"] = [place for places in parts for place in places]
        self.fields.pop("etternavn", None)

    def _columns_of_map(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, heading in enumerate(self._header):
            places.setdefault(folded(heading), []).append(place)
        fields: dict[str, list[int]] = {}
        for name, headings in self.section.columns.items():
            for heading in headings:
                found = places.get(folded(heading), [])
                if len(found) == 1:
                    fields.setdefault(name, []).append(found[0])
                    continue
                wrong = (
                    _("%(file)s har kolonnen «%(name)s» flere ganger")
                    if found
                    else _("%(file)s har ingen kolonne «%(name)s»")
                )
                message = wrong % {"file": self.name, "name": heading}
                self.faults.append(self.section.fault(f"columns.{name}", message))
        return fields

    def _rows(self, records: Iterable[Record], table: Table) -> Iterator[StaffFileLine]:
        width = len(self._header)
        for record, following in _with_next(records):
            written = record.cells
            if not any(map(clean_line, written)):
                continue
            if len(written) == width and [clean_line(cell) for cell in written] == self._header:
                continue
            self.count += 1
            while len(written) > width and not clean_line(written[-1]):
                written.pop()
            is_cut = table.is_cut and following is None and len(written) < width
            if record.fault or is_cut or len(written) > width:
                self.has_unreadable_rows = True
                fault = record.fault or _wrong_width(len(written), width)
                self.set_row_aside(record.number, "", fault)
                continue
            # Excel leaves out what parts the empty cells at the end of a line, of some lines.
            written.extend([""] * (width - len(written)))
            yield self._line(record.number, written)
        if not self.count:
            self.fault(0, "", _("Filen har ingen linjer under overskriften"))

    def _line(self, number: int, written: list[str]) -> StaffFileLine:
        raw = {
            name: written[places[0]]
            if len(places) == 1
            else " ".join(written[place] for place in places)
            for name, places in self.fields.items()
        }
        line = StaffFileLine(self, number, {name: clean_line(cell) for name, cell in raw.items()})
        for column in self._columns:
            value = line.text(column.name)
            if not value:
                if column.is_filled:
                    line.fault(column.name, _("Feltet er tomt"))
                continue
            if cells.is_identity_number(value):
                line.fault(column.name, _("Et fødselsnummer. De hører ikke hjemme her."))
            elif fault := damage(value, raw[column.name], is_of_person=column.is_of_person):
                line.fault(column.name, fault)
            if column.max_length and len(value) > column.max_length:
                line.fault(column.name, _("Mer enn %(max)d tegn") % {"max": column.max_length})
        return line


def _wrong_width(found: int, expected: int) -> str:
    return _("%(found)d felt der overskriften har %(expected)d") % {
        "found": found,
        "expected": expected,
    }


def _with_next(records: Iterable[Record]) -> Iterator[tuple[Record, Record | None]]:
    """Each record with the one after it, None after the last."""
    before: Record | None = None
    for record in records:
        if before is not None:
            yield before, record
        before = record
    if before is not None:
        yield before, None
