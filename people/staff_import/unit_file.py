"""units.csv: every unit that there is, checked as one tree.

A row that is set aside keeps its unit as it is stored: the stored one takes its place in the tree.
A unit that is new then stands nowhere, and what is below it is set aside with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from django.utils.translation import gettext as _

from common.staff_files.cells import kind_of
from common.staff_files.file_map import FileSection
from common.staff_files.reading import StaffFile, StaffFileColumn, StaffFileLine
from people.models import Level, Unit
from people.staff_import.headings import UNIT_HEADINGS

LEVEL = StaffFileColumn("nivå", is_required=True, is_filled=True)
COLUMNS = [
    StaffFileColumn("hr_id", is_required=True, is_filled=True, max_length=40),
    StaffFileColumn("navn", is_required=True, is_filled=True, max_length=200),
    LEVEL,
    StaffFileColumn("over", is_required=True),
    StaffFileColumn("nivånavn", max_length=60),
    StaffFileColumn("kortnavn", max_length=40),
    StaffFileColumn("leder"),
    StaffFileColumn("fra"),
    StaffFileColumn("til"),
    StaffFileColumn("etterfølgere"),
]
LEVELS = {
    "kommune": str(Level.MUNICIPALITY),
    "virksomhet": str(Level.AGENCY),
    "enhet": str(Level.UNIT),
}
WORDS = {level: word for word, level in LEVELS.items()}


@dataclass(slots=True)
class UnitRow:
    line: int
    """Nought of one that is stored, in place of a row that was set aside."""
    hr_id: str
    name: str
    level: str
    parent: str
    level_name: str
    short_name: str
    leader: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    successors: list[str]
    agency: str = ""
    """Nearest agency upward, found once the whole file is read; the row itself if it is one."""
    depth: int = 0

    def has_ended_by(self, day: dt.date) -> bool:
        if self.valid_to is None:
            return bool(self.successors)
        return self.valid_to < day

    def says_the_same(self, other: UnitRow) -> bool:
        names = [one.name for one in fields(self) if one.name != "line"]
        return all(getattr(self, name) == getattr(other, name) for name in names)


Units = dict[str, UnitRow]


def read_units(path: Path, section: FileSection, *, on: dt.date) -> tuple[Units, StaffFile]:
    """The rows by id, parents before their children; worth something if the file has no faults."""
    columns = [one for one in COLUMNS if one is not LEVEL or not section.are_levels_by_depth]
    file = StaffFile(path, columns, UNIT_HEADINGS, section)
    units, set_aside = _rows(file)
    if file.faults:
        return {}, file
    if section.are_levels_by_depth:
        _level_by_depth(units)
    _settle(units, set_aside, file, on)
    return _from_the_top(units), file


def _rows(file: StaffFile) -> tuple[Units, set[str]]:
    """The rows by id, and the ids of those that were set aside."""
    units: Units = {}
    set_aside: set[str] = set()
    for line in file.lines():
        row = _row(line)
        first = units.setdefault(row.hr_id, row)
        if first is not row and not line.faulty and not first.says_the_same(row):
            line.fault("hr_id", _("Noe annet enn på linje %(line)d") % {"line": first.line})
            set_aside.add(row.hr_id)
        elif line.faulty and line.owner:
            set_aside.add(line.owner)
        elif line.faulty:
            file.has_unreadable_rows = True
            units.pop(row.hr_id, None)
    return units, set_aside


def _row(line: StaffFileLine) -> UnitRow:
    valid_from, valid_to = line.dates("fra", "til")
    level = line.choice("nivå", LEVELS)
    written = line.text("nivå").casefold()
    return UnitRow(
        line=line.number,
        hr_id=line.text("hr_id"),
        name=line.text("navn"),
        level=level,
        parent=line.text("over"),
        level_name=line.text("nivånavn")
        or (written if written in LEVELS else WORDS.get(level, "")),
        short_name=line.text("kortnavn"),
        leader=line.text("leder"),
        valid_from=valid_from,
        valid_to=valid_to,
        successors=line.text("etterfølgere").split(),
    )


def _level_by_depth(units: Units) -> None:
    for row in units.values():
        above = units.get(row.parent)
        if not row.parent:
            row.level = str(Level.MUNICIPALITY)
        elif above and not above.parent:
            row.level = str(Level.AGENCY)
        else:
            row.level = str(Level.UNIT)
        row.level_name = row.level_name or WORDS[row.level]


def _settle(units: Units, set_aside: set[str], file: StaffFile, on: dt.date) -> None:
    """Put what is stored in place of what is set aside, until the tree holds together."""
    stored: Units = {}
    if file.has_unreadable_rows:
        stored = _stored()
        not_ended = {hr_id: row for hr_id, row in stored.items() if not row.has_ended_by(on)}
        units |= {hr_id: row for hr_id, row in not_ended.items() if hr_id not in units}
    faulty = set_aside or _set_faulty_aside(units, set_aside, file, on)
    while faulty:
        stored = stored or _stored()
        for hr_id in faulty:
            units.pop(hr_id, None)
        for hr_id in faulty:
            _keep_with_those_above(hr_id, units, stored, on)
        faulty = _set_faulty_aside(units, set_aside, file, on)


def _keep_with_those_above(hr_id: str, units: Units, stored: Units, on: dt.date) -> None:
    """What is kept keeps its place as well: a unit above it that is not listed has not ended."""
    while hr_id in stored and hr_id not in units:
        row = units[hr_id] = stored[hr_id]
        if row.has_ended_by(on):
            return
        hr_id = row.parent


def _set_faulty_aside(units: Units, set_aside: set[str], file: StaffFile, on: dt.date) -> set[str]:
    """Return the ids of those that were set aside now."""
    faults = list(_faults(units, set_aside, on))
    for row, column, message in faults:
        file.set_row_aside(row.line, column, message)
    faulty = {row.hr_id for row, _column, _message in faults}
    set_aside |= faulty
    return faulty


def _stored() -> Units:
    successors: dict[str, list[str]] = {}
    link = Unit.successors.through.objects.order_by("to_unit__hr_id")
    for before, after in link.values_list("from_unit__hr_id", "to_unit__hr_id"):
        successors.setdefault(before, []).append(after)
    return {
        unit.hr_id: UnitRow(
            line=0,
            hr_id=unit.hr_id,
            name=unit.name,
            level=unit.level,
            parent=unit.parent.hr_id if unit.parent else "",
            level_name=unit.level_name,
            short_name=unit.short_name,
            leader="",
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            successors=successors.get(unit.hr_id, []),
            agency=unit.agency.hr_id if unit.agency else "",
        )
        for unit in Unit.objects.select_related("parent", "agency")
    }


def _faults(units: Units, set_aside: set[str], on: dt.date) -> Iterator[tuple[UnitRow, str, str]]:
    """The rows whose place or successors cannot be; in which column, and why."""
    for row in units.values():
        if not row.line:
            continue
        if wrong := _wrong_place(row, units, set_aside, on):
            yield row, "over", wrong
        for hr_id in row.successors:
            if hr_id == row.hr_id:
                yield row, "etterfølgere", _("En enhet kan ikke etterfølge seg selv")
            elif hr_id not in units:
                yield row, "etterfølgere", _unknown(hr_id, set_aside)
    for circle in _circles(units):
        ids = " → ".join([*circle, circle[0]])
        for hr_id in circle:
            if units[hr_id].line:
                message = _("Enhetene står over hverandre i ring: %(ids)s") % {"ids": ids}
                yield units[hr_id], "over", message


def _wrong_place(row: UnitRow, units: Units, set_aside: set[str], on: dt.date) -> str:
    above = units.get(row.parent)
    if row.level == Level.MUNICIPALITY and row.parent:
        return _("En kommune har ingen enhet over seg")
    if row.level != Level.MUNICIPALITY and not row.parent:
        return _("Bare en kommune kan stå øverst")
    if row.parent and above is None:
        return _unknown(row.parent, set_aside)
    if above and above.has_ended_by(on) and not row.has_ended_by(on):
        return _("Enheten «%(id)s» er avsluttet") % {"id": row.parent}
    return ""


def _unknown(hr_id: str, set_aside: set[str]) -> str:
    if hr_id in set_aside:
        return _("Raden til enheten «%(id)s» er satt til side") % {"id": hr_id}
    return _("Ukjent enhet (%(kind)s)") % {"kind": kind_of(hr_id)}


def _circles(units: Units) -> list[list[str]]:
    """The units that stand above each other, each circle once."""
    seen: set[str] = set()
    circles = []
    for start in units:
        climb: dict[str, None] = {}
        step = start
        while step in units and step not in seen and step not in climb:
            climb[step] = None
            step = units[step].parent
        if step in climb:
            ids = list(climb)
            circles.append(ids[ids.index(step) :])
        seen |= climb.keys()
    return circles


def _from_the_top(units: Units) -> Units:
    """Parents first, each with its agency."""
    ordered: Units = {}
    for row in units.values():
        climb: list[UnitRow] = []
        step: UnitRow | None = row
        while step and step.hr_id not in ordered:
            climb.append(step)
            step = units.get(step.parent)
        for placed in reversed(climb):
            above = ordered.get(placed.parent)
            if above:
                placed.agency, placed.depth = above.agency, above.depth + 1
            if placed.level == Level.AGENCY:
                placed.agency = placed.hr_id
            ordered[placed.hr_id] = placed
    return ordered
