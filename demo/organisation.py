"""The demo municipality on paper: units and people as HR would list them."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from demo.cast import DEMO_CAST
from demo.names import DATA, Names
from people.models import Level

SEED = 2016
VACANCY = 0.03
"""How often a section stands without a leader: the line then goes to the leader above."""

CAST_PLACES = {
    "Tannklinikken Grønland": [("leader", ""), ("employee", "Tannpleier")],
    "Avdeling for fag og kvalitet": [("coordinator", "Rådgiver")],
    "Seksjon for læring og kurs": [("organiser", "Seniorrådgiver")],
    "Seksjon for arbeidsgiverpolitikk": [("hr", "Spesialrådgiver")],
    "Seksjon for styring og samordning": [("administrator", "Seniorrådgiver")],
}
"""Where the cast works; without a title they lead the unit."""


@dataclass(frozen=True)
class StaffUnit:
    """A row of units.csv. `kind` is what the unit does, for the mission it gets in the demo."""

    hr_id: str
    name: str
    short_name: str
    level: str
    level_name: str
    parent: str
    kind: str


@dataclass(frozen=True)
class StaffPerson:
    """A row of people.csv: one position, held for so many days."""

    hr_id: str
    name: str
    email: str
    unit: str
    title: str
    is_leader: bool
    days_held: int


@dataclass
class Organisation:
    """Units and people in the order they were thought of; every parent before its children."""

    units: list[StaffUnit] = field(default_factory=list)
    people: list[StaffPerson] = field(default_factory=list)

    def named(self, name: str) -> StaffUnit:
        return next(unit for unit in self.units if unit.name == name)

    def parent_of(self, hr_id: str) -> str:
        return next(unit.parent for unit in self.units if unit.hr_id == hr_id)

    def district_of(self, unit: StaffUnit) -> str:
        """«Sagene» for everything in Bydel Sagene."""
        agency_id = unit.hr_id.partition("-")[0]
        agency = next(unit for unit in self.units if unit.hr_id == agency_id)
        return agency.name.removeprefix("Bydel ")


def read_agencies() -> list[dict[str, str]]:
    with (DATA / "oslo_units.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def demo_organisation(seed: int = SEED) -> Organisation:
    """The whole demo municipality, the same for the same seed."""
    return _Builder(random.Random(f"organisation {seed}")).build()


class _Builder:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.text: dict[str, Any] = tomllib.loads(
            (DATA / "organisation.toml").read_text(encoding="utf-8")
        )
        self.names = Names(rng)
        self.made = Organisation()
        self.cast = {person.key: person for person in DEMO_CAST}
        for person in DEMO_CAST:
            self.names.reserve(person.email)
        self.kindergartens = iter(self.text["barnehager"]["names"].split())

    def build(self) -> Organisation:
        top = self.text["municipality"]
        root = self._unit("1", top["name"], Level.MUNICIPALITY, top["level_name"], "", "kommune")
        self._staff(root, top["leader"], [])
        for number, row in enumerate(read_agencies(), start=1):
            self._agency(f"{1000 + 10 * number}", row, root)
        return self.made

    def _agency(self, hr_id: str, row: dict[str, str], root: StaffUnit) -> None:
        agency = self._unit(
            hr_id,
            row["name"],
            Level.AGENCY,
            row["kind"],
            root.hr_id,
            row["kind"],
            row["short_name"],
        )
        if row["name"] == "Tannhelsetjenesten":
            self._dental_service(agency)
            return
        titles = self.text["kinds"][row["kind"]]
        self._staff(agency, titles["leader"], [])
        if row["kind"] == "bydel":
            self._district(agency, titles)
        else:
            self._departments(agency, titles)

    def _departments(self, agency: StaffUnit, titles: dict[str, Any]) -> None:
        departments = self.text["agencies"][agency.name]["departments"]
        for number, (name, sections) in enumerate(departments.items(), start=1):
            level = "seksjon" if name.startswith("Seksjon") else "avdeling"
            department = self._below(agency, number, name, level, level)
            self._staff(department, titles["department_leader"], self._some(titles["staff"], 1, 3))
            for place, section in enumerate(sections, start=1):
                unit = self._below(department, place, section, "seksjon", "seksjon")
                self._staff_or_vacancy(
                    unit, titles["section_leader"], self._some(titles["staff"], 2, 4)
                )

    def _district(self, agency: StaffUnit, titles: dict[str, Any]) -> None:
        short = agency.name.removeprefix("Bydel ")
        for number, text in enumerate(self.text["bydel"], start=1):
            name = text["name"].format(short=short)
            kind = "nav" if name.startswith("NAV") else "avdeling"
            department = self._below(agency, number, name, "avdeling", kind)
            self._staff(department, titles["department_leader"], self._some(titles["staff"], 1, 2))
            for place, below in enumerate(text["places"], start=1):
                self._place(department, place, below, short)

    def _place(self, department: StaffUnit, number: int, text: dict[str, Any], short: str) -> None:
        template = text["name"]
        kindergarten = next(self.kindergartens) if "{barnehage}" in template else ""
        name = template.format(short=short, barnehage=kindergarten)
        unit = self._below(department, number, name, "tjenestested", text["kind"])
        self._staff_or_vacancy(unit, text["leader"], self._some(text["staff"], 2, 4))

    def _dental_service(self, agency: StaffUnit) -> None:
        """18 clinics, and exactly as many people as the data file says, leaders included."""
        text = self.text["dental"]
        self._staff(agency, text["leader"], [])
        office = self._below(agency, 1, text["office"], "avdeling", "tannhelse-fag")
        office_staff = [*text["office_staff"], *text["office_staff"][:4]]
        regions = list(text["departments"].items())
        clinics = sum(len(names) for _name, names in regions)
        leaders = 2 + len(regions) + clinics
        sizes = _shared_out(text["people"] - leaders - len(office_staff), clinics)
        self._staff(office, text["office_leader"], office_staff)
        for number, (name, places) in enumerate(regions, start=2):
            region = self._below(agency, number, name, "region", "tannhelse-region")
            self._staff(region, text["department_leader"], [])
            for place, clinic_name in enumerate(places, start=1):
                clinic = self._below(
                    region, place, f"Tannklinikken {clinic_name}", "klinikk", "tannklinikk"
                )
                titles = text["clinic_staff"]
                staff = [titles[at % len(titles)] for at in range(next(sizes))]
                self._staff(clinic, text["clinic_leader"], staff)
        self._works_here_too("Spesialtannlege", office, self.made.named("Tannklinikken Majorstuen"))

    def _unit(
        self,
        hr_id: str,
        name: str,
        level: str,
        level_name: str,
        parent: str,
        kind: str,
        short_name: str = "",
    ) -> StaffUnit:
        unit = StaffUnit(hr_id, name, short_name, str(level), level_name, parent, kind)
        self.made.units.append(unit)
        return unit

    def _below(
        self, parent: StaffUnit, number: int, name: str, level_name: str, kind: str
    ) -> StaffUnit:
        hr_id = f"{parent.hr_id}-{number:02}"
        return self._unit(hr_id, name, Level.UNIT, level_name, parent.hr_id, kind)

    def _staff_or_vacancy(self, unit: StaffUnit, leader_title: str, titles: list[str]) -> None:
        vacant = self.rng.random() < VACANCY and unit.name not in CAST_PLACES
        self._staff(unit, "" if vacant else leader_title, titles)

    def _staff(self, unit: StaffUnit, leader_title: str, titles: list[str]) -> None:
        """The unit's leader and employees; the cast takes the places that are theirs."""
        employed = list(titles)
        cast = dict(CAST_PLACES.get(unit.name, []))
        leader = next((key for key, title in cast.items() if not title), None)
        if leader_title:
            self._person(unit, leader_title, cast_key=leader, is_leader=True)
        for key, title in cast.items():
            if title:
                employed.remove(title) if title in employed else None
                self._person(unit, title, cast_key=key)
        for title in employed:
            self._person(unit, title)

    def _person(
        self, unit: StaffUnit, title: str, *, cast_key: str | None = None, is_leader: bool = False
    ) -> None:
        if cast_key is None:
            name, email = self.names.draw()
        else:
            email = self.cast[cast_key].email
            name = email.split("@", 1)[0].replace(".", " ").title()
        hr_id = f"P{100001 + len(self.made.people)}"
        days_held = self.rng.randint(500 if is_leader else 40, 3000)
        self.made.people.append(
            StaffPerson(hr_id, name, email, unit.hr_id, title, is_leader, days_held)
        )

    def _works_here_too(self, title: str, first: StaffUnit, second: StaffUnit) -> None:
        """One person with two positions, and so with two line managers."""
        one = next(row for row in self.made.people if (row.unit, row.title) == (first.hr_id, title))
        self.made.people.append(replace(one, unit=second.hr_id))

    def _some(self, titles: list[str], least: int, most: int) -> list[str]:
        return self.rng.choices(titles, k=self.rng.randint(least, most))


def _shared_out(total: int, parts: int) -> Iterator[int]:
    """The total in whole parts that differ by one at most, the larger first."""
    return iter([total // parts + (number < total % parts) for number in range(parts)])
