"""`seed_demo --scale municipality`: 57,000 people, 3,000 units and five years of seminars."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.report import Report
from benchmarks.staff_import import empty_the_database
from people.models import Leadership, Unit, User
from portal.demo.municipality import FULL
from seminars.models import Attendance, Registration, Seminar

PROJECT = Path(__file__).resolve().parents[1]


def run(report: Report) -> None:
    empty_the_database()
    report.note("loading a whole municipality: some minutes")
    with report.seconds("seed.municipality", limit=300):
        load()
    leaders = Leadership.objects.values("user").distinct().count()
    registrations = FULL.seminars * FULL.registrations
    for name, count, promised in (
        ("seed.people", User.objects.count(), FULL.people),
        ("seed.units", Unit.objects.count(), FULL.units),
        ("seed.leaders", leaders, FULL.leaders),
        ("seed.seminars", Seminar.objects.count(), FULL.seminars),
        ("seed.registrations", Registration.objects.count(), registrations),
    ):
        report.add(name, count, "rows", limit=promised)
    report.add("seed.attendances", Attendance.objects.count(), "rows")


def load() -> None:
    """A process of its own, as whoever types the command has it."""
    subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--scale", "municipality"],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def load_unless_loaded(report: Report) -> None:
    """What an earlier run in the same database left is used again."""
    if (Seminar.objects.count(), User.objects.count()) != (FULL.seminars, FULL.people):
        run(report)
