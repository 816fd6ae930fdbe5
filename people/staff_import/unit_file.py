"""units.csv: every unit that there is, checked as one tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from people.models import Level
from people.staff_import.reading import StaffFile, StaffFileColumn, StaffFileLine

COLUMNS = [
    StaffFileColumn("hr_id", is_required=True, is_filled=True, max_length=40),
    StaffFileColumn("navn", is_required=True, is_filled=True, max_length=200),
    StaffFileColumn("nivå", is_required=True, is_filled=True),
    StaffFileColumn("over", is_required=True),
    StaffFileColumn("nivånavn", max_length=60),
    StaffFileColumn("kortnavn", max_length=40),
    StaffFileColumn("fra"),
    StaffFileColumn("til"),
    StaffFileColumn("etterfølgere"),
]
LEVELS = {
    "kommune": str(Level.MUNICIPALITY),
    "virksomhet": str(Level.AGENCY),
    "enhet": str(Level.UNIT),
}


@dataclass(slots=True)
class UnitRow:
    line: StaffFileLine
    hr_id: str
    name: str
    level: str
    parent: str
    level_name: str
    short_name: str
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


Units = dict[str, UnitRow]


def read_units(path: Path, *, on: dt.date) -> tuple[Units, StaffFile]:
    """The rows by id, parents before their children; worth something if the file has no faults."""
    file = StaffFile(path, COLUMNS)
    units: Units = {}
    for line in file.lines():
        row = _row(line)
        if row.hr_id in units:
            first = units[row.hr_id].line.number
            line.fault("hr_id", _("Står også på linje %(line)d") % {"line": first})
        elif row.hr_id:
            units[row.hr_id] = row
    for row in units.values():
        _check_place(row, units, on)
        _check_successors(row, units)
    return _from_the_top(units), file


def _row(line: StaffFileLine) -> UnitRow:
    valid_from, valid_to = line.dates("fra", "til")
    return UnitRow(
        line=line,
        hr_id=line.text("hr_id"),
        name=line.text("navn"),
        level=line.choice("nivå", LEVELS),
        parent=line.text("over"),
        level_name=line.text("nivånavn") or line.text("nivå").lower(),
        short_name=line.text("kortnavn"),
        valid_from=valid_from,
        valid_to=valid_to,
        successors=line.text("etterfølgere").split(),
    )


def _check_place(row: UnitRow, units: Units, on: dt.date) -> None:
    above = units.get(row.parent)
    if row.level == Level.MUNICIPALITY and row.parent:
        row.line.fault("over", _("En kommune har ingen enhet over seg"))
    elif row.level != Level.MUNICIPALITY and not row.parent:
        row.line.fault("over", _("Bare en kommune kan stå øverst"))
    elif row.parent and above is None:
        row.line.fault("over", _("Det er ingen enhet «%(id)s» i filen") % {"id": row.parent})
    elif above and above.has_ended_by(on) and not row.has_ended_by(on):
        row.line.fault("over", _("Enheten «%(id)s» er avsluttet") % {"id": row.parent})


def _check_successors(row: UnitRow, units: Units) -> None:
    for hr_id in row.successors:
        if hr_id == row.hr_id:
            row.line.fault("etterfølgere", _("En enhet kan ikke etterfølge seg selv"))
        elif hr_id not in units:
            row.line.fault("etterfølgere", _("Det er ingen enhet «%(id)s» i filen") % {"id": hr_id})


def _from_the_top(units: Units) -> Units:
    """Parents first, each with its agency; whoever stands in a circle gets a fault."""
    ordered: Units = {}
    for row in units.values():
        _place(row, units, ordered)
    return ordered


def _place(row: UnitRow, units: Units, ordered: Units) -> None:
    climb: dict[str, UnitRow] = {}
    step: UnitRow | None = row
    while step and step.hr_id not in ordered and step.hr_id not in climb:
        climb[step.hr_id] = step
        step = units.get(step.parent)
    if step and step.hr_id in climb:
        _report_circle(step.hr_id, list(climb.values()))
    for placed in reversed(climb.values()):
        above = ordered.get(placed.parent)
        placed.depth = above.depth + 1 if above else 0
        placed.agency = above.agency if above else ""
        if placed.level == Level.AGENCY:
            placed.agency = placed.hr_id
        ordered[placed.hr_id] = placed


def _report_circle(first: str, climb: list[UnitRow]) -> None:
    ids = [row.hr_id for row in climb]
    circle = climb[ids.index(first) :]
    names: Iterable[str] = [*(row.hr_id for row in circle), first]
    for row in circle:
        row.line.fault(
            "over", _("Enhetene står over hverandre i ring: %(ids)s") % {"ids": " → ".join(names)}
        )
