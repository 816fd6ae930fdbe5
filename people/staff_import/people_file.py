"""people.csv: every position that there is, and who leads the unit it is in.

A person with a row that is set aside is set aside whole: they keep what they had, until HR has
mended the row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from common.languages import LANGUAGES
from common.staff_files.cells import kind_of
from common.staff_files.file_map import FileSection
from common.staff_files.reading import StaffFile, StaffFileColumn, StaffFileLine
from people.staff_import.headings import PEOPLE_HEADINGS
from people.staff_import.unit_file import Units

COLUMNS = [
    StaffFileColumn("hr_id", is_required=True, is_filled=True, max_length=40),
    StaffFileColumn("navn", is_required=True, is_filled=True, max_length=200, is_of_person=True),
    StaffFileColumn("fornavn", max_length=200, is_of_person=True),
    StaffFileColumn("epost", is_required=True, max_length=254),
    StaffFileColumn("enhet", is_required=True, is_filled=True),
    StaffFileColumn("stilling", is_required=True, is_filled=True, max_length=200),
    StaffFileColumn("leder"),
    StaffFileColumn("nærmeste_leder"),
    StaffFileColumn("språk"),
    StaffFileColumn("fra"),
    StaffFileColumn("til"),
]


@dataclass(slots=True)
class PersonRow:
    line: int
    hr_id: str
    name: str
    first_name: str
    email: str | None
    """None for somebody without an address, which is no reason to set them aside."""
    language: str


@dataclass(slots=True)
class PositionRow:
    line: int
    person: str
    unit: str
    title: str
    is_leader: bool
    valid_from: dt.date | None
    valid_to: dt.date | None
    manager: str = ""
    """The line manager's id, where that is how the file says who leads."""

    def has_ended_by(self, day: dt.date) -> bool:
        return self.valid_to is not None and self.valid_to < day


@dataclass
class Staff:
    people: dict[str, PersonRow] = field(default_factory=dict)
    positions: dict[tuple[str, str, str], PositionRow] = field(default_factory=dict)
    leaders: dict[str, PositionRow] = field(default_factory=dict)
    """By unit."""
    set_aside: set[str] = field(default_factory=set)
    """Ids of people a row of whom was set aside."""
    is_anybody_set_aside: bool = False
    """A row was set aside of which nobody can tell whom it speaks of."""
    rows_set_aside: list[PositionRow] = field(default_factory=list)
    """What could be read of them."""
    leaders_set_aside: set[str] = field(default_factory=set)
    """Units of which nobody can tell who leads them."""

    def keeps(self, hr_id: str) -> bool:
        """Whether what a person had stays, whatever is not listed of them."""
        return self.is_anybody_set_aside or hr_id in self.set_aside

    def keeps_leader(self, unit: str, hr_id: str) -> bool:
        """Whether a person leads on, though the file names no leader of the unit, or another."""
        is_unsure = unit in self.leaders_set_aside and hr_id in self.people
        return is_unsure or self.keeps(hr_id)

    def set_person_aside(self, hr_id: str) -> None:
        """Take out what was read of a person, so that they are left as they were."""
        self.set_aside.add(hr_id)
        self.people.pop(hr_id, None)
        for key in [key for key in self.positions if key[0] == hr_id]:
            self.rows_set_aside.append(self.positions.pop(key))


def read_people(
    path: Path, units: Units | None, section: FileSection, *, on: dt.date
) -> tuple[Staff, StaffFile]:
    """People and positions; worth something if the file has no faults.

    Without `units`, which could not be read, no place of work is looked up.
    """
    file = StaffFile(path, COLUMNS, PEOPLE_HEADINGS, section)
    staff, people = Staff(), _PeopleRead(file)
    positions: list[PositionRow] = []
    for line in file.lines():
        person, position = _person(line), _position(line)
        if units is not None:
            _check_unit(line, position, units, on)
        people.take(line, person)
        positions.append(position)
    people.set_shared_addresses_aside()
    staff.set_aside = people.set_aside
    staff.is_anybody_set_aside = file.has_unreadable_rows
    staff.people = {
        hr_id: row for hr_id, row in people.rows.items() if hr_id not in staff.set_aside
    }
    for position in positions:
        if position.person in staff.people:
            _take_position(staff, position, on)
        else:
            staff.rows_set_aside.append(position)
    return staff, file


class _PeopleRead:
    """The people of a file, and those of whom it says different things."""

    def __init__(self, file: StaffFile) -> None:
        self.rows: dict[str, PersonRow] = {}
        self.set_aside: set[str] = set()
        self._file = file
        self._by_address: dict[str, list[PersonRow]] = {}

    def take(self, line: StaffFileLine, row: PersonRow) -> None:
        if not line.owner:
            self._file.has_unreadable_rows = True
            return
        known = self.rows.setdefault(row.hr_id, row)
        if known is row:
            if row.email and "epost" not in line.faulty:
                self._by_address.setdefault(row.email, []).append(row)
        elif not line.faulty:
            self._compare(line, known, row)
        if line.faulty:
            self.set_aside.add(row.hr_id)

    def _compare(self, line: StaffFileLine, known: PersonRow, row: PersonRow) -> None:
        if known.hr_id in self.set_aside:
            return
        for column, before, now in (
            ("navn", known.name, row.name),
            ("fornavn", known.first_name, row.first_name),
            ("epost", known.email, row.email),
            ("språk", known.language, row.language),
        ):
            if before != now:
                line.fault(column, _("Noe annet enn på linje %(line)d") % {"line": known.line})

    def set_shared_addresses_aside(self) -> None:
        """Two people with one address: whose it is, the file does not say."""
        for rows in self._by_address.values():
            for row, other in zip(rows, [*rows[1:], rows[0]], strict=True):
                if row is not other:
                    self.set_aside.add(row.hr_id)
                    message = _("Står også på linje %(line)d, hos en annen") % {"line": other.line}
                    self._file.set_row_aside(row.line, "epost", message)


def _person(line: StaffFileLine) -> PersonRow:
    return PersonRow(
        line=line.number,
        hr_id=line.text("hr_id"),
        name=line.text("navn"),
        first_name=line.text("fornavn"),
        email=line.email("epost") or None,
        language=line.choice("språk", {code: code for code in LANGUAGES}),
    )


def _position(line: StaffFileLine) -> PositionRow:
    valid_from, valid_to = line.dates("fra", "til")
    return PositionRow(
        line=line.number,
        person=line.text("hr_id"),
        unit=line.text("enhet"),
        title=line.text("stilling"),
        is_leader=line.is_yes("leder"),
        valid_from=valid_from,
        valid_to=valid_to,
        manager=line.text("nærmeste_leder"),
    )


def _check_unit(line: StaffFileLine, position: PositionRow, units: Units, on: dt.date) -> None:
    unit = units.get(position.unit)
    if unit is None:
        if position.unit and "enhet" not in line.faulty:
            kind = {"kind": kind_of(position.unit)}
            line.fault("enhet", _("Ukjent enhet (%(kind)s)") % kind)
    elif unit.has_ended_by(on) and not position.has_ended_by(on):
        line.fault("enhet", _("Enheten «%(id)s» er avsluttet") % {"id": position.unit})


def _take_position(staff: Staff, row: PositionRow, on: dt.date) -> None:
    """Two part positions with one title in one unit are one, for as long as either lasts."""
    first = staff.positions.setdefault((row.person, row.unit, row.title), row)
    if first is row:
        return
    first.is_leader = first.is_leader or row.is_leader
    first.manager = first.manager or row.manager
    if first.has_ended_by(on) != row.has_ended_by(on):
        holding = row if first.has_ended_by(on) else first
        first.valid_from, first.valid_to = holding.valid_from, holding.valid_to
        return
    days = [day for day in (first.valid_from, row.valid_from) if day]
    ends = [first.valid_to, row.valid_to]
    first.valid_from = min(days, default=None)
    first.valid_to = None if None in ends else max(day for day in ends if day)
