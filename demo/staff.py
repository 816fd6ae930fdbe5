"""The front door: staff files as HR would send them, and `import_staff` run on them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command

from demo.organisation import Organisation, StaffPerson, StaffUnit

UNITS_FILE = "units.csv"
PEOPLE_FILE = "people.csv"
UNITS_SINCE_DAYS = 3650
LEVELS = {"municipality": "kommune", "agency": "virksomhet", "unit": "enhet"}
UNIT_COLUMNS = ["hr_id", "navn", "nivå", "over", "nivånavn", "kortnavn", "fra"]
PEOPLE_COLUMNS = ["hr_id", "navn", "epost", "enhet", "stilling", "leder", "fra"]


def write_staff_files(organisation: Organisation, folder: Path, today: dt.date) -> None:
    """Writes units.csv and people.csv; every date in them is counted from `today`."""
    folder.mkdir(parents=True, exist_ok=True)
    unit_rows = (_unit_row(unit, today) for unit in organisation.units)
    _write(folder / UNITS_FILE, UNIT_COLUMNS, unit_rows)
    person_rows = (_person_row(person, today) for person in organisation.people)
    _write(folder / PEOPLE_FILE, PEOPLE_COLUMNS, person_rows)


def import_staff_files(folder: Path, today: dt.date) -> None:
    call_command(
        "import_staff",
        f"--units={folder / UNITS_FILE}",
        f"--people={folder / PEOPLE_FILE}",
        f"--on={today}",
        today=today,
        stdout=io.StringIO(),
    )


def _write(path: Path, columns: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _unit_row(unit: StaffUnit, today: dt.date) -> list[str]:
    since = today - dt.timedelta(days=UNITS_SINCE_DAYS)
    level = LEVELS[unit.level]
    named = [unit.hr_id, unit.name, level, unit.parent, unit.level_name, unit.short_name]
    return [*named, since.isoformat()]


def _person_row(person: StaffPerson, today: dt.date) -> list[str]:
    since = today - dt.timedelta(days=person.days_held)
    leads = "ja" if person.is_leader else ""
    named = [person.hr_id, person.name, person.email, person.unit, person.title, leads]
    return [*named, since.isoformat()]
