"""Where the demo stands: on which day, with which people in which units."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from common.dates import OSLO
from demo.cast import DEMO_CAST
from demo.organisation import SEED, Organisation
from people.models import Leadership, Position, Unit, User


@dataclass
class Stage:
    """The imported staff, looked up once; every other part of the demo is played on it."""

    organisation: Organisation
    today: dt.date
    seed: int = SEED
    units: dict[str, Unit] = field(init=False)
    leaders: dict[str, User] = field(init=False)
    employees: dict[str, list[User]] = field(init=False)
    cast: dict[str, User] = field(init=False)
    hired_on: dict[int, dt.date] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.units = {unit.hr_id: unit for unit in Unit.objects.select_related("agency")}
        leading = Leadership.objects.valid_on(self.today).select_related("user", "unit")
        self.leaders = {row.unit.hr_id: row.user for row in leading}
        self.employees = {hr_id: [] for hr_id in self.units}
        working = Position.objects.valid_on(self.today).select_related("user", "unit")
        for position in working.order_by("valid_from", "user__hr_id"):
            self.hired_on.setdefault(position.user_id, position.valid_from)
            if position.user != self.leaders.get(position.unit.hr_id):
                self.employees[position.unit.hr_id].append(position.user)
        by_email = User.objects.in_bulk([one.email for one in DEMO_CAST], field_name="email")
        self.cast = {one.key: by_email[one.email] for one in DEMO_CAST}

    @property
    def now(self) -> dt.datetime:
        """The first moment of the day: the demo is the same whenever on the day it is loaded."""
        return self.at(0, "00.00")

    def midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(tzinfo=OSLO))

    def at(self, day: int, clock: str = "09.00") -> dt.datetime:
        """So many days from today, at a time on Oslo's clocks."""
        hour, minute = (int(part) for part in clock.split("."))
        moment = dt.time(hour, minute, tzinfo=OSLO)
        return dt.datetime.combine(self.today + dt.timedelta(days=day), moment)

    def working_day(self, day: int) -> int:
        """The same number of days from today, or the next when people are at work."""
        date = self.today + dt.timedelta(days=day)
        is_christmas = (date.month, date.day) >= (12, 23) or (date.month, date.day) == (1, 1)
        is_off = date.weekday() > 4 or is_christmas
        return self.working_day(day + 1) if is_off else day

    def rng(self, purpose: str) -> random.Random:
        """Chance of its own for each purpose: a change in one part leaves the others alone."""
        return random.Random(f"{purpose} {self.seed}")

    def named(self, name: str) -> Unit:
        return self.units[self.organisation.named(name).hr_id]

    def leader_of(self, unit: Unit) -> User:
        return self.leaders[unit.hr_id]
