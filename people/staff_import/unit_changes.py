"""Brings the units to what units.csv says."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.db.models import Q

from people.models import FormerAgency, Level, Unit
from people.staff_import.changes import ChangeKind, Changes, JudgedKind
from people.staff_import.import_day import DAY, ImportDay
from people.staff_import.references import referred_to
from people.staff_import.unit_file import UnitRow, Units

WRITTEN = ["name", "short_name", "level", "level_name", "valid_from", "valid_to"]
PLACE = ["parent", "agency"]
BATCH = 1000

Known = dict[str, Unit]
"""Every unit in the database by its HR id."""


def bring_units(rows: Units, *, day: ImportDay, changes: Changes) -> dict[str, int]:
    """Write what differs; answers the ids of the listed units by their HR ids."""
    known: Known = {unit.hr_id: unit for unit in Unit.objects.all()}
    not_listed = [unit for hr_id, unit in known.items() if hr_id not in rows]
    if day.is_ahead:
        # What has ended by then was never here, and ends no later for being told of.
        rows = {
            hr_id: row
            for hr_id, row in rows.items()
            if hr_id in known or not row.has_ended_by(day.on)
        }
    before = {unit.pk: unit.agency_id for unit in known.values()}
    listed_before = [row for hr_id, row in rows.items() if hr_id in known]
    _add([row for hr_id, row in rows.items() if hr_id not in known], known, day, changes)
    change = _change_days_ahead if day.is_ahead else _change
    changed = [
        *(known[row.hr_id] for row in listed_before if change(row, known, day, changes)),
        *(unit for unit in not_listed if _end(unit, day, changes)),
    ]
    Unit.objects.bulk_update(changed, [*WRITTEN, *PLACE], batch_size=BATCH)
    _remember_agencies(changed, before, day)
    if not day.is_ahead:
        _bring_successors(rows, known, changes)
    return {hr_id: known[hr_id].pk for hr_id in rows}


def _remember_agencies(changed: list[Unit], before: dict[int, int | None], day: ImportDay) -> None:
    """What was counted of the days until then is their former agency's; the day's first file is it.

    A unit that has not begun was part of none.
    """
    moved = [unit for unit in changed if unit.agency_id != before[unit.pk]]
    FormerAgency.objects.bulk_create(
        (
            FormerAgency(unit=unit, agency_id=before[unit.pk], until=day.before)
            for unit in moved
            if unit.valid_from < day.on
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _named(unit: Unit) -> str:
    return f"{unit.name} ({unit.hr_id})"


def _add(rows: list[UnitRow], known: Known, day: ImportDay, changes: Changes) -> None:
    """A generation at a time, so that each finds its parents written."""
    for _depth, generation in groupby(sorted(rows, key=_depth_of), key=_depth_of):
        units = [
            Unit(hr_id=row.hr_id, **_values(row, None, day.on), **_place(row, known))
            for row in generation
        ]
        if day.is_ahead:
            for unit in units:
                unit.valid_from = max(unit.valid_from, day.on)
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
    """What the row says of the unit itself. An empty day keeps that of what has begun, or ended."""
    has_begun = unit is not None and unit.valid_from <= on
    valid_from = row.valid_from or (unit.valid_from if unit and has_begun else on)
    valid_to = row.valid_to
    if row.successors and valid_to is None:
        has_ended = unit is not None and unit.valid_to is not None and unit.valid_to < on
        valid_to = unit.valid_to if unit and has_ended else max(valid_from, on - DAY)
    return {
        "name": row.name,
        "short_name": row.short_name,
        "level": row.level,
        "level_name": row.level_name,
        "valid_from": min(valid_from, valid_to) if valid_to else valid_from,
        "valid_to": valid_to,
    }


def _change(row: UnitRow, known: Known, day: ImportDay, changes: Changes) -> bool:
    unit = known[row.hr_id]
    before = {name: getattr(unit, name) for name in [*WRITTEN, "parent_id", "agency_id"]}
    after = _values(row, unit, day.on) | _place(row, known)
    differing = {name for name in before if before[name] != after[name]}
    name_before = _named(unit)
    for name in differing:
        setattr(unit, name, after[name])
    if "parent_id" in differing:
        changes.note(ChangeKind.UNIT_MOVED, _named(unit))
        changes.judge(JudgedKind.UNITS_MOVED, f"{unit.hr_id}: {row.parent}")
    if "valid_to" in differing:
        changes.note(
            ChangeKind.UNIT_ENDED if unit.valid_to else ChangeKind.UNIT_REOPENED, _named(unit)
        )
        if unit.valid_to:
            changes.judge(JudgedKind.UNITS_ENDED, unit.hr_id)
    if before["valid_from"] <= day.on < unit.valid_from:
        changes.judge(JudgedKind.UNITS_ENDED, unit.hr_id)
    if "name" in differing:
        changes.judge(JudgedKind.UNITS_RENAMED, f"{unit.hr_id}: {row.name}")
    if "level" in differing:
        changes.judge(JudgedKind.LEVELS_CHANGED, f"{unit.hr_id}: {row.level}")
    if differing & {"name", "short_name", "level", "level_name", "valid_from"}:
        changes.note(ChangeKind.UNIT_CHANGED, f"{name_before} → {_named(unit)}")
    return bool(differing)


def _change_days_ahead(row: UnitRow, known: Known, day: ImportDay, changes: Changes) -> bool:
    """Its last day, and its first if that is to come; no day before the file's changes."""
    unit = known[row.hr_id]
    if row.has_ended_by(day.on):
        return _end(unit, day, changes)
    if unit.valid_to is not None and unit.valid_to < day.before:
        # Open again, it would be so on the days until then as well.
        return False
    first = unit.valid_from
    if first >= day.on:
        first = max(row.valid_from or day.on, day.on)
    if (first, row.valid_to) == (unit.valid_from, unit.valid_to):
        return False
    if row.valid_to != unit.valid_to:
        kind = ChangeKind.UNIT_ENDED if row.valid_to else ChangeKind.UNIT_REOPENED
        changes.note(kind, _named(unit))
        if row.valid_to:
            changes.judge(JudgedKind.UNITS_ENDED, unit.hr_id)
    if first != unit.valid_from:
        changes.note(ChangeKind.UNIT_CHANGED, _named(unit))
    unit.valid_from, unit.valid_to = first, row.valid_to
    return True


def _end(unit: Unit, day: ImportDay, changes: Changes) -> bool:
    """A unit that is still to come is `call_off_units`'."""
    if unit.valid_from >= day.first_to_call_off:
        return False
    if unit.valid_to is not None and unit.valid_to < day.on:
        return False
    last = max(unit.valid_from, day.before)
    if unit.valid_to == last:
        return False
    unit.valid_to = last
    changes.note(ChangeKind.UNIT_ENDED, _named(unit))
    changes.judge(JudgedKind.UNITS_ENDED, unit.hr_id)
    return True


def call_off_units(rows: Units, *, day: ImportDay, changes: Changes) -> None:
    """Delete units that were to come and do not, once nobody is to work in them.

    One that something else hangs on already, such as a role, stays as one that has ended.
    """
    coming = Unit.objects.filter(valid_from__gte=day.first_to_call_off)
    gone = {unit.pk: unit for unit in coming if not _is_still_to_come(unit, rows, day)}
    if not gone:
        return
    link = Unit.successors.through
    link.objects.filter(to_unit__in=gone).delete()
    link.objects.filter(from_unit__in=gone).delete()
    kept = _hung_on(gone)
    for unit in gone.values():
        changes.note(ChangeKind.UNIT_ENDED, _named(unit))
    ended = min(day.today, day.on) - DAY
    Unit.objects.filter(pk__in=kept).update(valid_from=ended, valid_to=ended)
    never_come = Unit.objects.filter(pk__in=gone.keys() - kept)
    never_come.update(parent=None, agency=None)
    never_come.delete()


def _is_still_to_come(unit: Unit, rows: Units, day: ImportDay) -> bool:
    row = rows.get(unit.hr_id)
    return row is not None and not (day.is_ahead and row.has_ended_by(day.on))


def _hung_on(units: dict[int, Unit]) -> set[int]:
    """Those that another row refers to, and those above them."""
    kept = referred_to(Unit, units)
    places = Unit.objects.filter(Q(parent__in=units) | Q(agency__in=units)).order_by()
    above = list(places.values_list("pk", "parent", "agency"))
    while True:
        held = {
            upper
            for pk, *uppers in above
            if pk in kept or pk not in units
            for upper in uppers
            if upper in units
        }
        if held <= kept:
            return kept
        kept |= held


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
