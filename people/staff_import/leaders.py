"""Who leads what, in the three ways that HR systems have of saying it.

A unit of which that cannot be told keeps the leader it has.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from common.staff_files.cells import kind_of
from common.staff_files.reading import StaffFile
from people.staff_import.people_file import PositionRow, Staff
from people.staff_import.unit_file import Units

FLAG, NUMBER = "leder", "nærmeste_leder"
"""A flag in the file of people or a number in that of units; the line manager's number."""


def find_leaders(
    staff: Staff, units: Units, people_file: StaffFile, unit_file: StaffFile, *, on: dt.date
) -> None:
    """Fill in the leaders: by flags, else by the units' own, else by line managers."""
    if FLAG in people_file.fields:
        _by_flag(staff, people_file, on)
    elif FLAG in unit_file.fields:
        _by_unit(staff, units, unit_file, on)
    else:
        _ByManager(staff, units, people_file, on).find()
    for unit in staff.leaders_set_aside:
        staff.leaders.pop(unit, None)


def say_if_no_leaders(people_file: StaffFile, unit_file: StaffFile) -> None:
    """Without a column for it every leader would have ended."""
    if {FLAG, NUMBER} & people_file.fields.keys() or FLAG in unit_file.fields:
        return
    people_file.fault(
        0,
        FLAG,
        _("Ingen kolonne sier hvem som leder: verken «leder», «nærmeste_leder» eller enhetens"),
    )


def _by_flag(staff: Staff, file: StaffFile, on: dt.date) -> None:
    staff.leaders_set_aside |= {row.unit for row in staff.rows_set_aside if row.is_leader}
    for row in staff.positions.values():
        if not row.is_leader or row.has_ended_by(on):
            continue
        leader = staff.leaders.setdefault(row.unit, row)
        if leader.person != row.person:
            message = _("Enheten har allerede en leder, på linje %(line)d") % {"line": leader.line}
            file.set_row_aside(row.line, FLAG, message)
            staff.leaders_set_aside.add(row.unit)


def _by_unit(staff: Staff, units: Units, file: StaffFile, on: dt.date) -> None:
    places = _places(staff, on)
    for unit in units.values():
        if not unit.line:
            staff.leaders_set_aside.add(unit.hr_id)
        elif unit.has_ended_by(on):
            continue
        elif unit.leader in staff.people:
            staff.leaders[unit.hr_id] = _led(unit.leader, unit.hr_id, unit.line, places)
        elif unit.leader:
            staff.leaders_set_aside.add(unit.hr_id)
            file.set_row_aside(unit.line, FLAG, _unknown_person(unit.leader, staff))


class _ByManager:
    """Whoever the people of a unit have for line manager leads it.

    A leader's own line manager leads the unit above. So those whom others in the unit, or in one
    directly below it, have for a manager say nothing of who leads it, unless nobody else does. Of
    several the one that most have leads: the portal knows one leader a unit.
    """

    def __init__(self, staff: Staff, units: Units, file: StaffFile, on: dt.date) -> None:
        self._staff = staff
        self._units = units
        self._file = file
        self._places = _places(staff, on)
        self._rows = [row for row in staff.positions.values() if not row.has_ended_by(on)]

    def find(self) -> None:
        self._set_uncounted_aside()
        named_in, named_below = self._named()
        ordinary: dict[str, Counter[str]] = defaultdict(Counter)
        own: dict[str, Counter[str]] = defaultdict(Counter)
        below: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self._rows:
            if row.person in named_in[row.unit] | named_below[row.unit]:
                if (row.manager, row.unit) in self._places:
                    own[row.unit][row.manager] += 1
                if row.person in named_below[row.unit]:
                    below[row.unit][row.person] = 1
            elif row.manager:
                ordinary[row.unit][row.manager] += 1
        for row in self._rows:
            unit = row.unit
            if unit not in self._staff.leaders and unit not in self._staff.leaders_set_aside:
                counted = ordinary.get(unit) or own.get(unit) or below.get(unit)
                if counted:
                    self._decide(row, counted)

    def _set_uncounted_aside(self) -> None:
        """A unit is unsure when a row is set aside that may have said who leads it."""
        unsure = self._staff.leaders_set_aside
        for row in self._staff.rows_set_aside:
            if row.unit not in self._units:
                unsure |= self._units.keys()
                return
            unsure |= {row.unit, self._units[row.unit].parent}
        if self._staff.is_anybody_set_aside:
            unsure |= self._units.keys()

    def _named(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Line managers of others in each unit, and of those in the units directly below it."""
        named_in: dict[str, set[str]] = defaultdict(set)
        named_below: dict[str, set[str]] = defaultdict(set)
        for row in self._rows:
            if row.manager in ("", row.person):
                row.manager = ""
            elif row.manager in self._staff.people or row.manager in self._staff.set_aside:
                named_in[row.unit].add(row.manager)
                named_below[self._units[row.unit].parent].add(row.manager)
            else:
                message = _unknown_person(row.manager, self._staff)
                self._file.set_row_aside(row.line, NUMBER, message)
                self._staff.leaders_set_aside.add(row.unit)
        return named_in, named_below

    def _decide(self, row: PositionRow, counted: Counter[str]) -> None:
        (leader, most), *others = counted.most_common(2)
        if others and others[0][1] == most:
            self._file.set_row_aside(row.line, NUMBER, _("Like mange i enheten har en annen leder"))
            self._staff.leaders_set_aside.add(row.unit)
        elif leader in self._staff.people:
            self._staff.leaders[row.unit] = _led(leader, row.unit, row.line, self._places)
        else:
            self._staff.leaders_set_aside.add(row.unit)


Places = dict[tuple[str, str], PositionRow]
"""By person and unit, the position that lasts the longest."""


def _places(staff: Staff, on: dt.date) -> Places:
    places: Places = {}
    for row in staff.positions.values():
        if not row.has_ended_by(on):
            other = places.setdefault((row.person, row.unit), row)
            if (row.valid_to or dt.date.max) > (other.valid_to or dt.date.max):
                places[row.person, row.unit] = row
    return places


def _led(person: str, unit: str, line: int, places: Places) -> PositionRow:
    """The leader's position in the unit; without one they lead it as long as the file says so."""
    return places.get((person, unit)) or PositionRow(line, person, unit, "", True, None, None)


def _unknown_person(hr_id: str, staff: Staff) -> str:
    if hr_id in staff.set_aside:
        return _("Raden til lederen er satt til side")
    return _("Ukjent person (%(kind)s)") % {"kind": kind_of(hr_id)}
