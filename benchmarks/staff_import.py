"""A whole municipality's staff files: the first import, the same once more, and one taken back.

Each import is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.report import Report
from benchmarks.size import Size

COMMAND = """
import json, resource, sys, time
import django
django.setup()
from django.core.management import call_command
start = time.perf_counter()
call_command(*sys.argv[1:], verbosity=0)
taken = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": taken, "megabytes": peak}))
"""


def run(report: Report, size: Size) -> None:
    empty_the_database()
    with tempfile.TemporaryDirectory() as folder:
        units, people = write_files(Path(folder), size)
        report.note(f"{size.units} units, {size.people} people, {size.positions} positions")
        first, again = imported(units, people), imported(units, people)
        renamed = people.read_text(encoding="utf-8").replace(";Person ", ";Navn ")
        people.write_text(renamed, encoding="utf-8")
        changed = imported(units, people, "--accept=people_renamed")
        undone = timed("import_staff", "--undo")
    report.add("staff_import.first", first["seconds"], "s", most=30)
    report.add("staff_import.again", again["seconds"], "s", most=10)
    # Everybody has another name: far more than is accepted by mistake.
    report.add("staff_import.renamed", changed["seconds"], "s", most=60)
    report.add("staff_import.undone", undone["seconds"], "s", most=60)
    peak = max(one["megabytes"] for one in (first, again, changed, undone))
    report.add("staff_import.memory", peak, "MB", most=500)


def empty_the_database() -> None:
    """Past the triggers of append-only tables, which only the database's owner may turn off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        call_command("flush", interactive=False, verbosity=0)
        cursor.execute("RESET session_replication_role")


def imported(units: Path, people: Path, *options: str) -> dict[str, float]:
    return timed("import_staff", "--units", str(units), "--people", str(people), *options)


def timed(*command: str) -> dict[str, float]:
    """Run a command in a process of its own: `seconds`, and `megabytes` at its peak."""
    process = subprocess.run(
        [sys.executable, "-c", COMMAND, *command], check=True, capture_output=True, text=True
    )
    return json.loads(process.stdout.splitlines()[-1])


def write_files(folder: Path, size: Size) -> tuple[Path, Path]:
    """Dice with a seed: the same municipality every time."""
    dice = random.Random(2026)
    units = write_units(folder / "units.csv", dice, size)
    return units, write_people(folder / "people.csv", dice, size)


def write_units(path: Path, dice: random.Random, size: Size) -> Path:
    rows = [["1", "Solvik kommune", "kommune", ""]]
    for number in range(2, size.units + 1):
        is_agency = number < size.agencies + 2
        above = 1 if is_agency else dice.randint(2, max(size.agencies, number // 6))
        level = "virksomhet" if is_agency else "enhet"
        rows.append([str(number), f"Enhet {number}", level, str(above)])
    return write(path, ["hr_id", "navn", "nivå", "over"], rows)


def write_people(path: Path, dice: random.Random, size: Size) -> Path:
    rows = []
    led: set[int] = set()
    for number in range(size.positions):
        person = number if number < size.people else dice.randrange(size.people)
        unit = dice.randint(1, size.units)
        leads = "nei" if unit in led else "ja"
        led.add(unit)
        name, email = f"Person {person}", f"person{person}@solvik.example"
        rows.append([f"P{person}", name, email, str(unit), f"Stilling {number % 90}", leads])
    return write(path, ["hr_id", "navn", "epost", "enhet", "stilling", "leder"], rows)


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    return path
