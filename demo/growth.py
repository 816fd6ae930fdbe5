"""The demo municipality grown to full size: teams below every section, and people in them."""

from __future__ import annotations

import random
from collections import Counter
from itertools import cycle

from demo.names import Names
from demo.organisation import SEED, Organisation, StaffPerson, StaffUnit, demo_organisation
from people.models import Level

TITLES = [
    "Fagarbeider",
    "Konsulent",
    "Sykepleier",
    "Lærer",
    "Rådgiver",
    "Assistent",
    "Ingeniør",
    "Miljøarbeider",
    "Saksbehandler",
]


def full_organisation(*, units: int, people: int, seed: int = SEED) -> Organisation:
    """The demo with more below it: what is in the small one is in the large one, cast included."""
    organisation = demo_organisation(seed)
    rng = random.Random(f"growth {seed}")
    names = Names(rng)
    for person in organisation.people:
        names.reserve(person.email)
    teams = _add_teams(organisation, units)
    _Staffing(organisation, names, rng).fill(teams, people)
    return organisation


def _add_teams(organisation: Organisation, total: int) -> list[StaffUnit]:
    """Below the lowest units, but not in Tannhelsetjenesten, whose size is known."""
    parents = {unit.parent for unit in organisation.units}
    dental = organisation.named("Tannhelsetjenesten").hr_id
    lowest = [
        unit
        for unit in organisation.units
        if unit.hr_id not in parents and not unit.hr_id.startswith(dental)
    ]
    numbers: Counter[str] = Counter()
    teams: list[StaffUnit] = []
    for above in cycle(lowest):
        if len(organisation.units) == total:
            return teams
        numbers[above.hr_id] += 1
        number = numbers[above.hr_id]
        name, hr_id = f"Team {number}, {above.name}", f"{above.hr_id}-{number:02}"
        team = StaffUnit(hr_id, name, "", str(Level.UNIT), "team", above.hr_id, above.kind)
        organisation.units.append(team)
        teams.append(team)
    return teams


class _Staffing:
    def __init__(self, organisation: Organisation, names: Names, rng: random.Random) -> None:
        self.organisation = organisation
        self.names = names
        self.rng = rng
        self.count = len({person.hr_id for person in organisation.people})

    def fill(self, teams: list[StaffUnit], total: int) -> None:
        """A leader for every team and every vacancy, then employees in turn."""
        led = {person.unit for person in self.organisation.people if person.is_leader}
        for unit in self.organisation.units:
            if unit.hr_id not in led:
                self._employ(unit, "Teamleder", is_leader=True)
        for team in cycle(teams):
            if self.count >= total:
                return
            self._employ(team, self.rng.choice(TITLES), is_leader=False)

    def _employ(self, unit: StaffUnit, title: str, *, is_leader: bool) -> None:
        self.count += 1
        name, email = self.names.draw()
        days_held = self.rng.randint(500, 1500) if is_leader else self.rng.randint(40, 3000)
        hr_id = f"P{200000 + self.count}"
        self.organisation.people.append(
            StaffPerson(hr_id, name, email, unit.hr_id, title, is_leader, days_held)
        )
