"""Years of history for a whole municipality: the first import, and the same file once more."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from pathlib import Path

from benchmarks.report import Report
from benchmarks.size import Size
from benchmarks.staff_import import empty_the_database, imported, timed, write, write_files

HEADER = ["hr_id", "kurs", "dato", "til", "resultat", "timer", "arrangør"]
PEOPLE_A_SEMINAR = 25
FIRST_DAY = dt.date(2015, 1, 5)
WORDS = ["Fullført", "Fullført", "Fullført", "Ikke møtt", "Delvis", "Avmeldt"]
HOURS = ["", "1,5", "7:30", "7,5 t"]
SHARE_UNKNOWN = 0.3
"""Of people who have left since."""


def run(report: Report, size: Size) -> None:
    empty_the_database()
    with tempfile.TemporaryDirectory() as folder:
        imported(*write_files(Path(folder), size))
        history = str(write_history(Path(folder) / "history.csv", size))
        report.note(f"{size.participations} rows, of {size.people} people")
        first, again = (timed("import_participation", history) for _time in range(2))
    report.add("participation_import.first", first["seconds"], "s", most=30)
    report.add("participation_import.again", again["seconds"], "s", most=20)
    peak = max(first["megabytes"], again["megabytes"])
    report.add("participation_import.memory", peak, "MB", most=500)


def write_history(path: Path, size: Size) -> Path:
    """Dice with a seed: the same history every time."""
    dice = random.Random(2026)
    rows = []
    for number in range(size.participations):
        seminar = number // PEOPLE_A_SEMINAR
        day = FIRST_DAY + dt.timedelta(days=seminar % 3_000)
        last = day + dt.timedelta(days=1)
        has_left = dice.random() < SHARE_UNKNOWN
        person = number % size.people + (size.people if has_left else 0)
        rows.append(
            [
                f"P{person}",
                f"Kurs {seminar}",
                f"{day:%d.%m.%Y}",
                f"{last:%d.%m.%Y}",
                dice.choice(WORDS),
                dice.choice(HOURS),
                str(seminar % size.agencies + 2),
            ]
        )
    return write(path, HEADER, rows)
