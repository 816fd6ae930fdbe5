"""`seed_demo --scale municipality`: 57,000 people, 3,000 units and five years of seminars."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from django.core.management import call_command

from attendance.models import Attendance
from benchmarks.report import Report
from benchmarks.size import Size
from benchmarks.staff_import import empty_the_database
from demo.municipality import Scale
from people.models import Leadership, Unit, User
from seminars.models import Registration, Seminar

PROJECT = Path(__file__).resolve().parents[1]
LONGEST_SECONDS = 300
LOAD = """
import json, sys
import django
django.setup()
from django.utils import timezone
from demo.municipality import Scale, load_municipality
load_municipality(today=timezone.localdate(), scale=Scale(**json.loads(sys.argv[1])))
"""


def run(report: Report, size: Size) -> None:
    scale = Scale(**size.municipality)
    empty_the_database()
    report.note(f"loading a municipality of {scale.people} people")
    with report.seconds("seed.municipality", most=LONGEST_SECONDS):
        load(size)
    leaders = Leadership.objects.values("user").distinct().count()
    registrations = scale.seminars * scale.registrations
    for name, count, promised in (
        ("seed.people", User.objects.count(), scale.people),
        ("seed.units", Unit.objects.count(), scale.units),
        ("seed.leaders", leaders, scale.leaders),
        ("seed.seminars", Seminar.objects.count(), scale.seminars),
        ("seed.registrations", Registration.objects.count(), registrations),
    ):
        report.add(name, count, "rows", least=promised)
    report.add("seed.attendances", Attendance.objects.count(), "rows")


def load(size: Size) -> None:
    """In a process of its own, as `seed_demo --scale municipality` does it."""
    subprocess.run(
        [sys.executable, "-c", LOAD, json.dumps(size.municipality)],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def prepare_with_people(size: Size) -> None:
    """As `script/server` prepares its first page: whoever is in the database already may stay."""
    if not (size.loads_demo or User.objects.exists()):
        load(size)
    call_command("prepare", "--demo")


def load_unless_loaded(report: Report, size: Size) -> None:
    """What an earlier run in the same database left is used again, with what came on top."""
    scale = Scale(**size.municipality)
    if Seminar.objects.count() < scale.seminars or User.objects.count() < scale.people:
        run(report, size)
