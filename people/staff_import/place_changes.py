"""Brings positions and leaderships to what people.csv says, from a day on.

What has begun ends the day before; what was to begin later is taken back, and so is a leadership
that begins on the day itself, since a unit has one leader a day. Files for a day ahead change no
day before it: what they end goes on again when the file of a day in between still lists it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from django.db.models import Max, Q

from people.models import Leadership, Position
from people.staff_import.changes import ChangeKind, Changes, JudgedKind
from people.staff_import.import_day import DAY, ImportDay
from people.staff_import.people_file import PositionRow, Staff

BATCH = 2000

PositionKey = tuple[str, str, str]
"""Whose, where, and what: HR's ids of the person and the unit, and the title."""


@dataclass(frozen=True)
class Ids:
    """The database's ids of what the files list, by HR's ids."""

    units: dict[str, int]
    people: dict[str, int]


def places_of(staff: Staff, people: Container[str]) -> Staff:
    """Return the places alone, and of these people alone."""
    return replace(
        staff,
        positions={key: row for key, row in staff.positions.items() if row.person in people},
        leaders={unit: row for unit, row in staff.leaders.items() if row.person in people},
    )


@dataclass(slots=True)
class HeldPlaces:
    """A position or a leadership as it stands in the database."""

    pk: int
    valid_from: dt.date
    valid_to: dt.date | None

    def has_begun(self, day: ImportDay) -> bool:
        return self.valid_from < day.first_to_call_off

    def is_held(self, day: ImportDay) -> bool:
        return self.has_begun(day) and (self.valid_to is None or self.valid_to >= day.on)


def bring_positions(
    staff: Staff, ids: Ids, *, day: ImportDay, changes: Changes
) -> set[PositionKey]:
    """Start, change and end positions of those whom HR knows; answers which had not begun yet."""
    # One that ends as the day ahead begins is gone on with, rather than begun anew beside it.
    held = _positions_held(day.before if day.is_ahead else day.on)
    wanted = staff.positions
    meant = {key: _meant(wanted[key], held[key], day) for key in wanted if key in held}
    kept = {key: one for key, one in meant.items() if one is not None}
    ending = [
        (key, one)
        for key in held
        if not staff.keeps(key[0])
        for one in held[key]
        if one is not kept.get(key)
    ]
    _end_positions(ending, day, changes)
    _judge_those_who_end(held, staff, day, changes)
    _change_positions(kept, staff, ids, day, changes)
    starting = {
        key: row for key, row in wanted.items() if key not in kept and not row.has_ended_by(day.on)
    }
    _start_positions(starting, ids, day, changes)
    return starting.keys() | {key for key, one in kept.items() if not one.has_begun(day)}


def _meant(row: PositionRow, rows: list[HeldPlaces], day: ImportDay) -> HeldPlaces | None:
    """Which of the rows the line speaks of: of those that are to come the one with its first day.

    A position that was to end and then was not has two: until the day, and anew from then on. The
    file's one line speaks of the first, and the other is taken back. None of them is meant by a
    line that begins later than what has begun: that was held, and is not held now.
    """
    one = next((one for one in rows if one.valid_from == row.valid_from), rows[0])
    begins_anew = row.valid_from and row.valid_from > day.on and one.has_begun(day)
    return None if begins_anew or _is_over(row, one, day.on) else one


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
    ending: list[tuple[PositionKey, HeldPlaces]], day: ImportDay, changes: Changes
) -> None:
    by_last_day: dict[dt.date, list[int]] = defaultdict(list)
    taken_back = []
    for key, one in ending:
        last = max(one.valid_from, day.before)
        if one.valid_from >= day.first_to_call_off:
            taken_back.append(one.pk)
        elif one.valid_to != last:
            by_last_day[last].append(one.pk)
            changes.judge(JudgedKind.POSITIONS_ENDED, _named(key))
        else:
            continue
        changes.note(ChangeKind.POSITION_ENDED, _named(key))
    Position.objects.filter(pk__in=taken_back).delete()
    for last, pks in by_last_day.items():
        Position.objects.filter(pk__in=pks).update(valid_to=last)


def _judge_those_who_end(
    held: dict[PositionKey, list[HeldPlaces]], staff: Staff, day: ImportDay, changes: Changes
) -> None:
    here = {key[0] for key, rows in held.items() if any(one.is_held(day) for one in rows)}
    stay = {row.person for row in staff.positions.values() if not row.has_ended_by(day.on)}
    for person in here - stay:
        if not staff.keeps(person):
            changes.judge(JudgedKind.PEOPLE_ENDED, person)


def _change_positions(
    kept: dict[PositionKey, HeldPlaces], staff: Staff, ids: Ids, day: ImportDay, changes: Changes
) -> None:
    """Dates that HR has corrected."""
    rows = {key: staff.positions[key] for key in kept}
    asked = {
        key: row
        for key, row in rows.items()
        if (kept[key].valid_from, kept[key].valid_to)
        != (_first_day_of(row, kept[key], day), row.valid_to)
    }
    earlier = {} if day.is_ahead else _last_days(asked.values(), ids, day.on)
    changed = []
    for key, row in asked.items():
        one = kept[key]
        if day.is_ahead:
            last = day.before if row.has_ended_by(day.on) else row.valid_to
        else:
            last = row.valid_to
        first = _not_before(_first_day_of(row, one, day), earlier.get(_place(row, ids)))
        first = min(first, last) if last else first
        if (first, last) != (one.valid_from, one.valid_to):
            changed.append(Position(pk=one.pk, valid_from=first, valid_to=last))
            if last and one.is_held(day) and (one.valid_to is None or last < one.valid_to):
                changes.judge(JudgedKind.POSITIONS_ENDED, _named(key))
            if first != one.valid_from and one.is_held(day):
                changes.judge(JudgedKind.FIRST_DAYS_CHANGED, f"{_named(key)}: {first}")
            changes.note(ChangeKind.POSITION_CHANGED, _named(key))
    Position.objects.bulk_update(changed, ["valid_from", "valid_to"], batch_size=BATCH)


def _first_day_of(row: PositionRow, one: HeldPlaces, day: ImportDay) -> dt.date:
    """The line's, where it may say so; what was to come and has no day there comes at once."""
    if not one.has_begun(day):
        return _first_day(row, day)
    return one.valid_from if day.is_ahead else row.valid_from or one.valid_from


def _start_positions(
    starting: dict[PositionKey, PositionRow], ids: Ids, day: ImportDay, changes: Changes
) -> None:
    earlier = _last_days(starting.values(), ids, day.on)
    begun = []
    for key, row in starting.items():
        user, unit, title = place = _place(row, ids)
        first = _not_before(_first_day(row, day), earlier.get(place))
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


def _first_day(row: PositionRow, day: ImportDay) -> dt.date:
    first = row.valid_from or day.on
    return max(first, day.on) if day.is_ahead else first


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
    staff: Staff, ids: Ids, beginning: set[PositionKey], *, day: ImportDay, changes: Changes
) -> None:
    """One leader a unit, as listed. Whom HR does not know leads on until HR names another."""
    held = _leaderships_held(day.on)
    for unit in held.keys() - staff.leaders.keys():
        ending = [one for one in held[unit] if one.hr_id is not None]
        ending = [one for one in ending if not staff.keeps_leader(unit, str(one.hr_id))]
        if any(one.has_begun(day) for one in ending):
            changes.judge(JudgedKind.LEADERS_ENDED, unit)
        _end_leaderships(ending, unit, day.on, changes)
    starting = []
    for unit, row in staff.leaders.items():
        if day.is_ahead and any(one.hr_id is None for one in held[unit]):
            # No file would give the leadership back that this one ended.
            continue
        user = ids.people[row.person]
        mine = [one for one in held[unit] if one.user == user]
        others = [one for one in held[unit] if one.user != user]
        if any(one.hr_id is not None and staff.keeps(one.hr_id) for one in others):
            continue
        if mine and mine[0].has_begun(day) and row.valid_from and row.valid_from > day.on:
            others, mine = [*others, *mine], []
        if any(one.has_begun(day) for one in others):
            changes.judge(JudgedKind.LEADERS_REPLACED, f"{unit}: {row.person}")
        _end_leaderships([*others, *mine[1:]], unit, day.on, changes)
        if mine and mine[0].has_begun(day):
            _change_last_day(mine[0], row, changes)
        else:
            starting.append((row, mine[0] if mine else None))
    _start_leaderships(starting, ids, beginning, day, changes)


@dataclass(slots=True)
class HeldLeadership(HeldPlaces):
    user: int
    hr_id: str | None
    """None of whom HR does not know."""


def _leaderships_held(on: dt.date) -> dict[str, list[HeldLeadership]]:
    """By HR's id of the unit."""
    rows = (
        Leadership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("valid_from")
        .values_list("unit__hr_id", "pk", "user_id", "user__hr_id", "valid_from", "valid_to")
    )
    held: dict[str, list[HeldLeadership]] = defaultdict(list)
    for unit, pk, user, hr_id, valid_from, valid_to in rows:
        held[unit].append(HeldLeadership(pk, valid_from, valid_to, user, hr_id))
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


def _change_last_day(one: HeldLeadership, row: PositionRow, changes: Changes) -> None:
    """Ends with the position."""
    if row.valid_to != one.valid_to:
        Leadership.objects.filter(pk=one.pk).update(valid_to=row.valid_to)
        changes.note(ChangeKind.LEADERSHIP_CHANGED, f"{row.person}, {row.unit}")


def _start_leaderships(
    starting: list[tuple[PositionRow, HeldLeadership | None]],
    ids: Ids,
    beginning: set[PositionKey],
    day: ImportDay,
    changes: Changes,
) -> None:
    """From the position's first day when it is new, else from `on`; after the last leader.

    A leadership that is to come already is moved to where it would begin if it were made now.
    """
    units = [ids.units[row.unit] for row, _one in starting]
    ended = Leadership.objects.filter(unit__in=units, valid_to__lt=day.on).order_by()
    earlier = dict(ended.values_list("unit_id").annotate(last=Max("valid_to")))
    begun = []
    for row, one in starting:
        is_new = (row.person, row.unit, row.title) in beginning
        unit = ids.units[row.unit]
        first = _not_before(_first_day(row, day) if is_new else day.on, earlier.get(unit))
        if one is None:
            begun.append(
                Leadership(
                    unit_id=unit,
                    user_id=ids.people[row.person],
                    valid_from=first,
                    valid_to=row.valid_to,
                )
            )
            changes.note(ChangeKind.LEADERSHIP_STARTED, f"{row.person}, {row.unit}")
        elif (first, row.valid_to) != (one.valid_from, one.valid_to):
            Leadership.objects.filter(pk=one.pk).update(valid_from=first, valid_to=row.valid_to)
            changes.note(ChangeKind.LEADERSHIP_CHANGED, f"{row.person}, {row.unit}")
    Leadership.objects.bulk_create(begun, batch_size=BATCH)
