"""`manage.py erase_seminars`: erases who was in seminars, when the archive plan says so."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from attendance.erasing import erase_participation
from people.models import Unit
from seminars.retention.actions import TooEarlyToErase


class Command(BaseCommand):
    help = (
        "Erases who was registered, invited and listed, and who came, in seminars that ended before"
        " a day, arranged by a unit or below it: what the agency's archive plan decides. The counts"
        " of those seminars go as well; those of half-years that were counted stay. What lists told"
        " of seminars before the portal goes by the same day."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--before", type=dt.date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--unit", metavar="HR_ID", required=True, help="HR's id of the unit")
        parser.add_argument(
            "--dry-run", action="store_true", help="says what would go, and erases nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unit = Unit.objects.filter(hr_id=options["unit"]).first()
        if unit is None:
            raise CommandError("HR has no such unit.")
        with transaction.atomic():
            try:
                erased = erase_participation(
                    before=options["before"], unit=unit, now=timezone.now()
                )
            except TooEarlyToErase as refused:
                raise CommandError(refused.message) from None
            if options["dry_run"]:
                transaction.set_rollback(True)
        for seminar, rows in erased.items():
            self.stdout.write(f"{seminar}: {rows}")
        self.stdout.write(f"{sum(erased.values())} rows of {len(erased)} seminars.")
