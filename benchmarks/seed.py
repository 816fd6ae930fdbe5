"""`seed_demo --scale municipality`: 57,000 people, 3,000 units and five years of seminars."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.report import Report
from benchmarks.staff_import import empty_the_database
from people.models import Leadership, Unit, User
from portal.demo.growth import FULL_PEOPLE, FULL_UNITS
from portal.demo.municipality import REGISTRATIONS_A_SEMINAR, SEMINARS
from seminars.models import Attendance, Registration, Seminar

PROJECT = Path(__file__).resolve().parents[1]


def run(report: Report) -> None:
    empty_the_database()
    report.note("loading a whole municipality: some minutes")
    with report.seconds("seed.municipality", limit=300):
        load()
    leaders = Leadership.objects.values("user").distinct().count()
    registrations = SEMINARS * REGISTRATIONS_A_SEMINAR
    for name, count, promised in (
        ("seed.people", User.objects.count(), FULL_PEOPLE),
        ("seed.units", Unit.objects.count(), FULL_UNITS),
        ("seed.leaders", leaders, 6_000),
        ("seed.seminars", Seminar.objects.count(), SEMINARS),
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
    if Seminar.objects.count() != SEMINARS or User.objects.count() != FULL_PEOPLE:
        run(report)
