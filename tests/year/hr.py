"""HR's side: who works where, changed a little each night, and written as the import's files."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

MAIL = "solvik.example"
FIRST = [
    *("Anne", "Bjørn", "Cecilie", "Dag", "Eva", "Finn", "Gro", "Hans", "Inger"),
    *("Jon", "Kari", "Lars", "Mona", "Nils", "Oda", "Per", "Ragnhild"),
]
SECOND = ["Kåre", "Åse", "Østen", "Mai", "Sol", "Tor", "Una", "Vår", "Liv", "Ask", "Elin", "Geir"]
FAMILY = [
    *("Aas", "Berg", "Dahl", "Eide", "Foss", "Gran", "Haug", "Iversen", "Jensen"),
    *("Krogh", "Lund", "Moen", "Næss", "Olsen", "Ruud"),
]
TITLES = ["Konsulent", "Rådgiver", "Helsefagarbeider", "Vernepleier", "Saksbehandler"]
NEW_IS_STEADY_AFTER = 3


@dataclass
class HRUnit:
    hr_id: str
    name: str
    level: str
    over: str
    since: dt.date | None = None
    """Told in the files where it is new; those that were there at first have none."""
    successors: list[str] = field(default_factory=list)
    ended_on: dt.date | None = None


@dataclass
class HRPerson:
    hr_id: str
    name: str
    unit: str
    title: str
    leads: bool = False
    has_email: bool = True
    works: bool = True
    changed_on: dt.date = dt.date.min
    left_on: dt.date | None = None

    @property
    def email(self) -> str:
        """Follows the number and not the name, as it does where names change."""
        return f"{self.hr_id.lower()}@{MAIL}"


class HR:
    """A plain model with dice of its own: what people do in the portal changes nothing of it."""

    def __init__(self, seed: int, *, people: int, units: int, first_day: dt.date) -> None:
        self.dice = random.Random(f"hr {seed}")  # noqa: S311
        self.numbers = iter(range(1, 1_000_000))
        self.units: dict[str, HRUnit] = {}
        self.people: dict[str, HRPerson] = {}
        self.first_day = first_day
        self._found(people, units)

    # --- The first day ----------------------------------------------------------------------------

    def _found(self, people: int, units: int) -> None:
        top = self._unit("Solvik kommune", "kommune", "")
        agencies = [
            self._unit(name, "virksomhet", top.hr_id)
            for name in ("Bydel Fjordbyen", "Etat for læring", "Bydel Skogen")
        ]
        below = [
            self._unit(f"Seksjon {number}", "enhet", agencies[number % 3].hr_id)
            for number in range(1, units - len(agencies))
        ]
        for unit in self.units.values():
            self._hire(unit.hr_id, leads=True)
        for number in range(people - len(self.units)):
            places = below if number % 8 else agencies
            self._hire(places[number % len(places)].hr_id)

    def _unit(self, name: str, level: str, over: str, since: dt.date | None = None) -> HRUnit:
        unit = HRUnit(str(1000 + next(self.numbers)), name, level, over, since)
        self.units[unit.hr_id] = unit
        return unit

    def _hire(self, unit: str, *, leads: bool = False, today: dt.date = dt.date.min) -> HRPerson:
        dice = self.dice
        name = f"{dice.choice(FIRST)} {dice.choice(SECOND)} {dice.choice(FAMILY)}"
        number = next(self.numbers)
        title = "Leder" if leads else dice.choice(TITLES)
        # Two of one name in one unit would be one person with a new number.
        person = HRPerson(f"P{number}", f"{name} {_roman(number)}", unit, title, leads)
        person.changed_on = today
        self.people[person.hr_id] = person
        return person

    # --- Each night -------------------------------------------------------------------------------

    def live(self) -> list[HRUnit]:
        return [unit for unit in self.units.values() if unit.ended_on is None]

    def staff(self, unit: str | None = None) -> list[HRPerson]:
        working = [one for one in self.people.values() if one.works]
        return [one for one in working if unit in (None, one.unit)]

    def pass_night(self, today: dt.date) -> list[str]:
        """Let a night's ordinary changes happen; answers with what they were."""
        dice, told = self.dice, []
        for chance, change in (
            (0.20, self._join),
            (0.18, self._leave),
            (0.12, self._move),
            (0.08, self._rename),
            (0.04, self._change_leader),
            (0.05, self._rehire),
            (0.03, self._join_without_email),
        ):
            if dice.random() < chance:
                told += [f"hr: {words}" for words in [change(today)] if words]
        return told

    def _join(self, today: dt.date) -> str:
        unit = self.dice.choice([one for one in self.live() if one.level == "enhet"])
        return f"{self._hire(unit.hr_id, today=today).hr_id} begins"

    def _join_without_email(self, today: dt.date) -> str:
        unit = self.dice.choice([one for one in self.live() if one.level == "enhet"])
        person = self._hire(unit.hr_id, today=today)
        person.has_email = False
        return f"{person.hr_id} begins without an address"

    def _leave(self, today: dt.date) -> str:
        person = self._any_employee()
        person.works, person.changed_on, person.left_on = False, today, today
        return f"{person.hr_id} leaves"

    def _rehire(self, today: dt.date) -> str:
        gone = [
            one
            for one in self.people.values()
            if not one.works and (today - one.changed_on).days > 5
        ]
        if not gone:
            return ""
        person = self.dice.choice(gone)
        person.works, person.leads, person.changed_on = True, False, today
        person.unit = self.dice.choice([one for one in self.live() if one.level == "enhet"]).hr_id
        person.title = self.dice.choice(TITLES)
        return f"{person.hr_id} is back"

    def _move(self, today: dt.date) -> str:
        person = self._any_employee()
        others = [one for one in self.live() if one.level == "enhet" and one.hr_id != person.unit]
        person.unit, person.changed_on = self.dice.choice(others).hr_id, today
        return f"{person.hr_id} moves to {person.unit}"

    def _rename(self, today: dt.date) -> str:
        person = self.dice.choice(self.staff())
        first, _family, number = person.name.rsplit(" ", 2)
        person.name = f"{first} {self.dice.choice(FAMILY)} {number}"
        return f"{person.hr_id} has another name"

    def _change_leader(self, today: dt.date) -> str:
        """The leader leaves, and one of the unit follows."""
        unit = self.dice.choice([one for one in self.live() if one.level == "enhet"])
        staff = self.staff(unit.hr_id)
        heirs = [one for one in staff if not one.leads and one.has_email]
        if not heirs:
            return ""
        for person in staff:
            if person.leads:
                person.works, person.leads = False, False
                person.changed_on = person.left_on = today
        self._let_lead(self.dice.choice(heirs), today)
        return f"{unit.hr_id} has another leader"

    def _let_lead(self, person: HRPerson, today: dt.date) -> None:
        person.leads, person.title, person.changed_on = True, "Leder", today

    def _any_employee(self) -> HRPerson:
        return self.dice.choice([one for one in self.staff() if not one.leads])

    # --- What happens seldom ----------------------------------------------------------------------

    def merge(self, today: dt.date) -> str:
        """Two units of one agency become a new one; the leader of the larger leads it."""
        below: dict[str, list[HRUnit]] = {}
        for unit in self.live():
            if unit.level == "enhet":
                below.setdefault(unit.over, []).append(unit)
        over = self.dice.choice([over for over, units in below.items() if len(units) > 1])
        old = self.dice.sample(below[over], 2)
        new = self._unit(f"Ny seksjon {today:%m %y}", "enhet", over, today)
        leads = max(old, key=lambda one: len(self.staff(one.hr_id)))
        for unit in old:
            unit.successors, unit.ended_on = [new.hr_id], today
            for person in self.staff(unit.hr_id):
                is_second = person.leads and unit is not leads
                person.leads = person.leads and not is_second
                person.title = "Rådgiver" if is_second else person.title
                person.unit, person.changed_on = new.hr_id, today
        return f"hr: {old[0].hr_id} and {old[1].hr_id} become {new.hr_id}"

    def move_unit(self, today: dt.date) -> str:
        """With all its people, to another agency."""
        unit = self.dice.choice([one for one in self.live() if one.level == "enhet"])
        agencies = [one for one in self.live() if one.level == "virksomhet"]
        unit.over = self.dice.choice([one for one in agencies if one.hr_id != unit.over]).hr_id
        for person in self.staff(unit.hr_id):
            person.changed_on = today
        return f"hr: {unit.hr_id} moves below {unit.over}"

    # --- Files ------------------------------------------------------------------------------------

    def write(self, folder: Path) -> tuple[Path, Path]:
        units = [
            [
                one.hr_id,
                one.name,
                one.level,
                one.over,
                str(one.since or ""),
                " ".join(one.successors),
            ]
            for one in self.units.values()
        ]
        people = [
            [
                one.hr_id,
                one.name,
                one.email if one.has_email else "",
                one.unit,
                one.title,
                "ja" if one.leads else "nei",
            ]
            for one in self.staff()
        ]
        return (
            _write(
                folder / "units.csv",
                ["hr_id", "navn", "nivå", "over", "fra", "etterfølgere"],
                units,
            ),
            _write(
                folder / "people.csv",
                ["hr_id", "navn", "epost", "enhet", "stilling", "leder"],
                people,
            ),
        )

    def write_damaged(self, folder: Path) -> tuple[Path, Path]:
        """Cut off on its way: well-formed, and as if most had left."""
        units, people = self.write(folder)
        lines = people.read_text(encoding="utf-8").splitlines(keepends=True)
        people.write_text("".join(lines[: len(lines) // 3]), encoding="utf-8")
        return units, people

    def steady(self, today: dt.date) -> list[HRPerson]:
        """Those of whom HR has said the same for some nights: the portal must say it too."""
        return [
            one
            for one in self.people.values()
            if (today - max(one.changed_on, self.first_day)).days >= NEW_IS_STEADY_AFTER
        ]


def _write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    return path


def _roman(number: int) -> str:
    """A last part of a name that is each one's own, in letters alone."""
    letters = ""
    while number:
        number, rest = divmod(number, 20)
        letters += "abcdefghijklmnoprstu"[rest]
    return letters.title()
