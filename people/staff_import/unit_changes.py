"""Brings the units to what units.csv says."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from people.models import Level, Unit
from people.staff_import.changes import ChangeKind, Changes
from people.staff_import.unit_file import UnitRow, Units

WRITTEN = ["name", "short_name", "level", "level_name", "valid_from", "valid_to"]
PLACE = ["parent", "agency"]
BATCH = 1000

Known = dict[str, Unit]
"""Every unit in the database by its HR id."""


def bring_units(rows: Units, *, on: dt.date, changes: Changes) -> dict[str, int]:
    """Write what differs; answers the ids of the listed units by their HR ids."""
    known: Known = {unit.hr_id: unit for unit in Unit.objects.all()}
    listed_before = [row for hr_id, row in rows.items() if hr_id in known]
    not_listed = [unit for hr_id, unit in known.items() if hr_id not in rows]
    _add([row for hr_id, row in rows.items() if hr_id not in known], known, on, changes)
    changed = [
        *(known[row.hr_id] for row in listed_before if _change(row, known, on, changes)),
        *(unit for unit in not_listed if _end(unit, on, changes)),
    ]
    Unit.objects.bulk_update(changed, [*WRITTEN, *PLACE], batch_size=BATCH)
    _bring_successors(rows, known, changes)
    return {hr_id: known[hr_id].pk for hr_id in rows}


def _named(unit: Unit) -> str:
    return f"{unit.name} ({unit.hr_id})"


def _add(rows: list[UnitRow], known: Known, on: dt.date, changes: Changes) -> None:
    """A generation at a time, so that each finds its parents written."""
    for _depth, generation in groupby(sorted(rows, key=_depth_of), key=_depth_of):
        units = [
            Unit(hr_id=row.hr_id, **_values(row, None, on), **_place(row, known))
            for row in generation
        ]
        for unit in Unit.objects.bulk_create(units, batch_size=BATCH):
            known[unit.hr_id] = unit
            changes.note(ChangeKind.UNIT_ADDED, _named(unit))
        _make_own_agency([unit for unit in units if unit.level == Level.AGENCY])


def _depth_of(row: UnitRow) -> int:
    return row.depth


def _make_own_agency(agencies: list[Unit]) -> None:
    for unit in agencies:
        unit.agency_id = unit.pk
    Unit.objects.bulk_update(agencies, ["agency"], batch_size=BATCH)


def _place(row: UnitRow, known: Known) -> dict[str, int | None]:
    return {
        "parent_id": known[row.parent].pk if row.parent else None,
        # A new agency is not known yet; it becomes its own once it is written.
        "agency_id": known[row.agency].pk if row.agency in known else None,
    }


def _values(row: UnitRow, unit: Unit | None, on: dt.date) -> dict[str, Any]:
    """What the row says of the unit itself. What is empty keeps what is known."""
    valid_from = row.valid_from or (unit.valid_from if unit else on)
    valid_to = row.valid_to
    if row.successors and valid_to is None:
        valid_to = (unit and unit.valid_to) or max(valid_from, on - dt.timedelta(days=1))
    return {
        "name": row.name,
        "short_name": row.short_name,
        "level": row.level,
        "level_name": row.level_name,
        "valid_from": min(valid_from, valid_to) if valid_to else valid_from,
        "valid_to": valid_to,
    }


def _change(row: UnitRow, known: Known, on: dt.date, changes: Changes) -> bool:
    unit = known[row.hr_id]
    before = {name: getattr(unit, name) for name in [*WRITTEN, "parent_id", "agency_id"]}
    after = _values(row, unit, on) | _place(row, known)
    differing = {name for name in before if before[name] != after[name]}
    name_before = _named(unit)
    for name in differing:
        setattr(unit, name, after[name])
    if "parent_id" in differing:
        changes.note(ChangeKind.UNIT_MOVED, _named(unit))
    if "valid_to" in differing:
        changes.note(
            ChangeKind.UNIT_ENDED if unit.valid_to else ChangeKind.UNIT_REOPENED, _named(unit)
        )
    if differing & {"name", "short_name", "level", "level_name", "valid_from"}:
        changes.note(ChangeKind.UNIT_CHANGED, f"{name_before} → {_named(unit)}")
    return bool(differing)


def _end(unit: Unit, on: dt.date, changes: Changes) -> bool:
    if unit.valid_to is not None and unit.valid_to < on:
        return False
    last = max(unit.valid_from, on - dt.timedelta(days=1))
    if unit.valid_to == last:
        return False
    unit.valid_to = last
    changes.note(ChangeKind.UNIT_ENDED, _named(unit))
    return True


def _bring_successors(rows: Units, known: Known, changes: Changes) -> None:
    """Those of listed units; a unit that is not listed any more keeps its own."""
    listed = {known[hr_id].pk: known[hr_id] for hr_id in rows}
    link = Unit.successors.through
    kept = link.objects.filter(from_unit__in=listed).values_list("from_unit", "to_unit")
    said = {
        (known[row.hr_id].pk, known[successor].pk)
        for row in rows.values()
        for successor in row.successors
    }
    stored = set(kept)
    for from_id, to_id in stored - said:
        link.objects.filter(from_unit=from_id, to_unit=to_id).delete()
    link.objects.bulk_create(link(from_unit_id=a, to_unit_id=b) for a, b in sorted(said - stored))
    for from_id in sorted({pair[0] for pair in stored ^ said}):
        changes.note(ChangeKind.UNIT_CHANGED, _named(listed[from_id]))
