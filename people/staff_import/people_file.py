"""people.csv: every position that there is, and who leads the unit it is in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from common.languages import LANGUAGES
from people.staff_import.reading import StaffFile, StaffFileColumn, StaffFileLine
from people.staff_import.unit_file import Units

COLUMNS = [
    StaffFileColumn("hr_id", is_required=True, is_filled=True, max_length=40),
    StaffFileColumn("navn", is_required=True, is_filled=True, max_length=200),
    StaffFileColumn("fornavn", max_length=200),
    StaffFileColumn("epost", is_required=True, is_filled=True, max_length=254),
    StaffFileColumn("enhet", is_required=True, is_filled=True),
    StaffFileColumn("stilling", is_required=True, is_filled=True, max_length=200),
    StaffFileColumn("leder"),
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
    email: str
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

    def has_ended_by(self, day: dt.date) -> bool:
        return self.valid_to is not None and self.valid_to < day


@dataclass
class Staff:
    people: dict[str, PersonRow] = field(default_factory=dict)
    positions: dict[tuple[str, str, str], PositionRow] = field(default_factory=dict)
    leaders: dict[str, PositionRow] = field(default_factory=dict)
    """By unit."""
    _emails: dict[str, PersonRow] = field(default_factory=dict)

    def take_person(self, line: StaffFileLine, row: PersonRow) -> None:
        known = self.people.setdefault(row.hr_id, row)
        for column, before, now in (
            ("navn", known.name, row.name),
            ("fornavn", known.first_name, row.first_name),
            ("epost", known.email, row.email),
            ("språk", known.language, row.language),
        ):
            if before != now:
                line.fault(column, _("Noe annet enn på linje %(line)d") % {"line": known.line})
        owner = self._emails.setdefault(row.email, row)
        if row.email and owner.hr_id != row.hr_id:
            line.fault(
                "epost", _("Står også på linje %(line)d, hos en annen") % {"line": owner.line}
            )

    def take_position(self, line: StaffFileLine, row: PositionRow, *, on: dt.date) -> None:
        first = self.positions.setdefault((row.person, row.unit, row.title), row)
        if first is not row:
            line.fault("stilling", _("Samme stilling som på linje %(line)d") % {"line": first.line})
        if row.is_leader and not row.has_ended_by(on):
            leader = self.leaders.setdefault(row.unit, row)
            if leader.person != row.person:
                line.fault(
                    "leder",
                    _("Enheten har allerede en leder, på linje %(line)d") % {"line": leader.line},
                )


def read_people(path: Path, units: Units, *, on: dt.date) -> tuple[Staff, StaffFile]:
    """People, positions and leaders; worth something if the file has no faults."""
    file = StaffFile(path, COLUMNS)
    staff = Staff()
    for line in file.lines():
        person, position = _person(line), _position(line)
        _check_unit(line, position, units, on)
        staff.take_person(line, person)
        staff.take_position(line, position, on=on)
    return staff, file


def _person(line: StaffFileLine) -> PersonRow:
    return PersonRow(
        line=line.number,
        hr_id=line.text("hr_id"),
        name=line.text("navn"),
        first_name=line.text("fornavn"),
        email=line.email("epost"),
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
    )


def _check_unit(line: StaffFileLine, position: PositionRow, units: Units, on: dt.date) -> None:
    unit = units.get(position.unit)
    if unit is None:
        if position.unit and units:
            line.fault("enhet", _("Det er ingen enhet «%(id)s»") % {"id": position.unit})
    elif unit.has_ended_by(on) and not position.has_ended_by(on):
        line.fault("enhet", _("Enheten «%(id)s» er avsluttet") % {"id": position.unit})
