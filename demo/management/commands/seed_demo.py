"""`manage.py seed_demo`: the demo municipality, for trying the portal and for measuring it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from demo.load import load_demo
from demo.municipality import load_municipality
from demo.progress import Progress
from demo.sequences import start_sequences_high
from people.models import User


class Command(BaseCommand):
    help = "Loads an invented municipality into an empty database of a demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are people already"
        )
        parser.add_argument(
            "--scale",
            choices=["demo", "municipality"],
            default="demo",
            help="municipality: 57,000 people and five years of seminars, for benchmarks",
        )
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day from which everything in the demo is counted; today if left out",
        )

    def handle(
        self, *args: Any, if_empty: bool, scale: str, today: dt.date | None, **options: Any
    ) -> None:
        if not settings.DEMO:
            raise CommandError("Invented people do not belong here: DEMO is off in these settings.")
        if User.objects.exists():
            if if_empty:
                return
            raise CommandError("There are people in this database already; nothing was loaded.")
        self.stdout.write("Loading the demo municipality …")
        self.stdout.flush()
        progress = Progress(self.stdout)
        start_sequences_high()
        if scale == "municipality":
            load_municipality(today=today or timezone.localdate())
        else:
            with connection.execute_wrapper(progress):
                load_demo(today=today or timezone.localdate())
        progress.finish()
