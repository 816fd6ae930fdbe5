"""Brings positions and leaderships to what people.csv says, from a day on.

What has begun ends the day before; what was to begin later is taken back, and so is a leadership
that begins on the day itself, since a unit has one leader a day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from people.models import Leadership, Position
from people.staff_import.changes import ChangeKind, Changes
from people.staff_import.people_file import PositionRow, Staff

BATCH = 2000
DAY = dt.timedelta(days=1)

PositionKey = tuple[str, str, str]
"""Whose, where, and what: HR's ids of the person and the unit, and the title."""


@dataclass(frozen=True)
class Ids:
    """The database's ids of what the files list, by HR's ids."""

    units: dict[str, int]
    people: dict[str, int]


@dataclass(slots=True)
class HeldPlaces:
    """A position or a leadership as it stands in the database."""

    pk: int
    valid_from: dt.date
    valid_to: dt.date | None


def bring_positions(staff: Staff, ids: Ids, *, on: dt.date, changes: Changes) -> set[PositionKey]:
    """Start, change and end positions of those whom HR knows; answers which were started."""
    held = _positions_held(on)
    wanted = staff.positions
    meant = {key: _meant(wanted[key], held[key], on) for key in wanted if key in held}
    kept = {key: one for key, one in meant.items() if one is not None}
    ending = [(key, one) for key in held for one in held[key] if one is not kept.get(key)]
    _end_positions(ending, on, changes)
    _change_positions(kept, staff, ids, on, changes)
    starting = {
        key: row for key, row in wanted.items() if key not in held and not row.has_ended_by(on)
    }
    _start_positions(starting, ids, on, changes)
    return set(starting)


def _meant(row: PositionRow, rows: list[HeldPlaces], on: dt.date) -> HeldPlaces | None:
    """Which of the rows the line speaks of: of those that are to come the one with its first day.

    A position that was to end and then was not has two: until the day, and anew from then on. The
    file's one line speaks of the first, and the other is taken back.
    """
    one = next((one for one in rows if one.valid_from == row.valid_from), rows[0])
    return None if _is_over(row, one, on) else one


def _is_over(row: PositionRow, one: HeldPlaces, on: dt.date) -> bool:
    """By the file it ended before it began anew: what is held is listed no more."""
    return row.has_ended_by(on) and row.has_ended_by(one.valid_from)


def _positions_held(on: dt.date) -> dict[PositionKey, list[HeldPlaces]]:
    """What holds on the day or later, the earliest first: a key may have one upon another."""
    rows = (
        Position.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .filter(user__hr_id__isnull=False)
        .order_by("valid_from")
        .values_list("user__hr_id", "unit__hr_id", "title", "pk", "valid_from", "valid_to")
    )
    held: dict[PositionKey, list[HeldPlaces]] = defaultdict(list)
    for person, unit, title, pk, valid_from, valid_to in rows.iterator():
        held[(str(person), unit, title)].append(HeldPlaces(pk, valid_from, valid_to))
    return held


def _named(key: PositionKey) -> str:
    person, unit, title = key
    return f"{person}: {title}, {unit}"


def _end_positions(
    ending: list[tuple[PositionKey, HeldPlaces]], on: dt.date, changes: Changes
) -> None:
    by_last_day: dict[dt.date, list[int]] = defaultdict(list)
    taken_back = [one.pk for _key, one in ending if one.valid_from > on]
    for key, one in ending:
        last = max(one.valid_from, on - DAY)
        if one.valid_to != last or one.valid_from > on:
            by_last_day[last].append(one.pk)
            changes.note(ChangeKind.POSITION_ENDED, _named(key))
    Position.objects.filter(pk__in=taken_back).delete()
    for last, pks in by_last_day.items():
        Position.objects.filter(pk__in=pks).update(valid_to=last)


def _change_positions(
    kept: dict[PositionKey, HeldPlaces], staff: Staff, ids: Ids, on: dt.date, changes: Changes
) -> None:
    """Dates that HR has corrected."""
    rows = {key: staff.positions[key] for key in kept}
    asked = {
        key: row
        for key, row in rows.items()
        if row.valid_to != kept[key].valid_to or row.valid_from not in (None, kept[key].valid_from)
    }
    earlier = _last_days(asked.values(), ids, on)
    changed = []
    for key, row in asked.items():
        one, before = kept[key], earlier.get(_place(row, ids))
        first = _not_before(row.valid_from or one.valid_from, before)
        first = min(first, row.valid_to) if row.valid_to else first
        if (first, row.valid_to) != (one.valid_from, one.valid_to):
            changed.append(Position(pk=one.pk, valid_from=first, valid_to=row.valid_to))
            changes.note(ChangeKind.POSITION_CHANGED, _named(key))
    Position.objects.bulk_update(changed, ["valid_from", "valid_to"], batch_size=BATCH)


def _start_positions(
    starting: dict[PositionKey, PositionRow], ids: Ids, on: dt.date, changes: Changes
) -> None:
    earlier = _last_days(starting.values(), ids, on)
    begun = []
    for key, row in starting.items():
        user, unit, title = place = _place(row, ids)
        first = _not_before(row.valid_from or on, earlier.get(place))
        begun.append(
            Position(
                user_id=user,
                unit_id=unit,
                title=title,
                valid_from=first,
                valid_to=row.valid_to,
            )
        )
        changes.note(ChangeKind.POSITION_STARTED, _named(key))
    Position.objects.bulk_create(begun, batch_size=BATCH)


def _place(row: PositionRow, ids: Ids) -> tuple[int, int, str]:
    return ids.people[row.person], ids.units[row.unit], row.title


def _last_days(
    rows: Iterable[PositionRow], ids: Ids, on: dt.date
) -> dict[tuple[int, int, str], dt.date]:
    """When the same positions were held before; what begins anew begins after that."""
    ended = (
        Position.objects.filter(user__in={ids.people[row.person] for row in rows})
        .filter(valid_to__lt=on)
        .order_by()
        .values_list("user_id", "unit_id", "title")
        .annotate(last=Max("valid_to"))
    )
    return {(user, unit, title): last for user, unit, title, last in ended}


def _not_before(first: dt.date, earlier: dt.date | None) -> dt.date:
    return max(first, earlier + DAY) if earlier else first


def bring_leaders(
    staff: Staff, ids: Ids, started: set[PositionKey], *, on: dt.date, changes: Changes
) -> None:
    """One leader a unit, as listed. Whom HR does not know leads on until HR names another."""
    held = _leaderships_held(on)
    for unit in held.keys() - staff.leaders.keys():
        _end_leaderships([one for one in held[unit] if one.is_from_hr], unit, on, changes)
    starting = []
    for unit, row in staff.leaders.items():
        user = ids.people[row.person]
        mine = [one for one in held[unit] if one.user == user]
        others = [one for one in held[unit] if one.user != user]
        _end_leaderships([*others, *mine[1:]], unit, on, changes)
        if mine:
            _change_days(mine[0], row, on, changes)
        else:
            starting.append(row)
    _start_leaderships(starting, ids, started, on, changes)


@dataclass(slots=True)
class HeldLeadership:
    pk: int
    user: int
    is_from_hr: bool
    valid_from: dt.date
    valid_to: dt.date | None


def _leaderships_held(on: dt.date) -> dict[str, list[HeldLeadership]]:
    """By HR's id of the unit."""
    rows = (
        Leadership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("valid_from")
        .values_list("unit__hr_id", "pk", "user_id", "user__hr_id", "valid_from", "valid_to")
    )
    held: dict[str, list[HeldLeadership]] = defaultdict(list)
    for unit, pk, user, hr_id, valid_from, valid_to in rows:
        held[unit].append(HeldLeadership(pk, user, hr_id is not None, valid_from, valid_to))
    return held


def _end_leaderships(
    ending: list[HeldLeadership], unit: str, on: dt.date, changes: Changes
) -> None:
    for one in ending:
        row = Leadership.objects.filter(pk=one.pk)
        if one.valid_from >= on:
            row.delete()
        else:
            row.update(valid_to=on - DAY)
        changes.note(ChangeKind.LEADERSHIP_ENDED, unit)


def _change_days(one: HeldLeadership, row: PositionRow, on: dt.date, changes: Changes) -> None:
    """Ends with the position; what is still to come also begins with it."""
    first = one.valid_from
    if first > on:
        first = max(row.valid_from or first, on)
        first = min(first, row.valid_to) if row.valid_to else first
    if (first, row.valid_to) != (one.valid_from, one.valid_to):
        Leadership.objects.filter(pk=one.pk).update(valid_from=first, valid_to=row.valid_to)
        changes.note(ChangeKind.LEADERSHIP_CHANGED, f"{row.person}, {row.unit}")


def _start_leaderships(
    starting: list[PositionRow],
    ids: Ids,
    started: set[PositionKey],
    on: dt.date,
    changes: Changes,
) -> None:
    """From the position's first day when it is new, else from `on`; after the last leader."""
    units = [ids.units[row.unit] for row in starting]
    ended = Leadership.objects.filter(unit__in=units).order_by().values_list("unit_id")
    earlier = dict(ended.annotate(last=Max("valid_to")))
    begun = []
    for row in starting:
        is_new = (row.person, row.unit, row.title) in started
        first = (is_new and row.valid_from) or on
        unit = ids.units[row.unit]
        begun.append(
            Leadership(
                unit_id=unit,
                user_id=ids.people[row.person],
                valid_from=_not_before(first, earlier.get(unit)),
                valid_to=row.valid_to,
            )
        )
        changes.note(ChangeKind.LEADERSHIP_STARTED, f"{row.person}, {row.unit}")
    Leadership.objects.bulk_create(begun, batch_size=BATCH)
