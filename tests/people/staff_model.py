"""What HR's files say, day by day, told again in sets: a plain twin of the import for its tests.

From the day of the files on, what they list holds; the days before are as they were told before.
Names, addresses and places of units are told by files of the day itself alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

DAY = dt.timedelta(days=1)
NEVER = dt.date.max


@dataclass(frozen=True)
class Line:
    """One line of people.csv: a first day before the file's own is not among the tests' lines."""

    person: str
    name: str
    email: str
    unit: str
    title: str
    leads: bool
    first: dt.date | None
    last: dt.date | None

    def text(self) -> str:
        leads = "ja" if self.leads else ""
        first, last = self.first or "", self.last or ""
        return (
            f"{self.person};{self.name};{self.email};{self.unit};{self.title};{leads};;"
            f"{first};{last}"
        )

    def days(self, on: dt.date) -> tuple[dt.date, dt.date]:
        return max(self.first or on, on), self.last or NEVER


@dataclass(frozen=True)
class Place:
    """One line of units.csv."""

    unit: str
    name: str
    level: str
    above: str
    last: dt.date | None

    def text(self) -> str:
        return f"{self.unit};{self.name};{self.level};{self.above};;;;{self.last or ''}"


@dataclass
class Told:
    until: dt.date
    """The last day that is told of."""
    positions: dict[dt.date, set[tuple[str, str, str]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    leaders: dict[dt.date, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    units: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    placed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name and unit above."""
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name and address, empty for none, of those of whom a file of its own day has told."""
    roles: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    half_days: set[tuple[dt.date, object]] = field(default_factory=set)
    """Begun and taken out on one day: it holds that day, or does not, as the rows happened."""

    def tell(self, places: list[Place], lines: list[Line], *, on: dt.date, today: dt.date) -> None:
        is_ahead = on > today
        self._tell_units(places, on, is_ahead)
        self._tell_places(lines, on, is_ahead)
        self._tell_leaders(lines, on)
        if not is_ahead:
            self._tell_people(lines, on)

    def days_from(self, on: dt.date) -> list[dt.date]:
        return [on + number * DAY for number in range((self.until - on).days + 1)]

    def _tell_units(self, places: list[Place], on: dt.date, is_ahead: bool) -> None:
        listed = {place.unit: place for place in places}
        for unit, (first, last) in list(self.units.items()):
            if unit in listed or last < on:
                continue
            is_to_come = first >= on if is_ahead else first > on
            if is_to_come:
                del self.units[unit], self.placed[unit]
            else:
                self.units[unit] = (first, max(first, on - DAY))
        for unit, place in listed.items():
            last = place.last or NEVER
            if unit not in self.units or not is_ahead:
                self.placed[unit] = (place.name, place.above)
            if unit not in self.units:
                self.units[unit] = (on, last)
            elif not is_ahead:
                self.units[unit] = (min(self.units[unit][0], on), last)
            elif self.units[unit][1] >= on - DAY:
                first = self.units[unit][0]
                self.units[unit] = (first if first < on else on, last)

    def _tell_places(self, lines: list[Line], on: dt.date, is_ahead: bool) -> None:
        held = set(self.positions[on])
        for day in self.days_from(on):
            self.positions[day] = {
                (line.person, line.unit, line.title)
                for line in lines
                if line.days(on)[0] <= day <= line.days(on)[1]
            }
        if not is_ahead:
            self.half_days |= {(on, key) for key in held - self.positions[on]}

    def _tell_leaders(self, lines: list[Line], on: dt.date) -> None:
        for day in self.days_from(on):
            self.leaders[day] = {
                line.unit: line.person
                for line in lines
                if line.leads and line.days(on)[0] <= day <= line.days(on)[1]
            }

    def _tell_people(self, lines: list[Line], on: dt.date) -> None:
        listed = {line.person: (line.name, line.email) for line in lines}
        claimed = {email for _name, email in listed.values() if email}
        for person, (name, email) in self.people.items():
            if person not in listed and email in claimed:
                self.people[person] = (name, "")
        self.people |= listed
        for person, (first, last) in list(self.roles.items()):
            if person not in listed and first >= on:
                del self.roles[person]
            elif person not in listed and last >= on:
                self.roles[person] = (first, on - DAY)
