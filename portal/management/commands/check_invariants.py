"""`manage.py check_invariants`: asks the rows what must always be true; changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments import invariants as agreements
from seminars.seats import invariants as seats


class Command(BaseCommand):
    help = "Check what must always be true of seats, queues and signed agreements."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = [*seats.faults(now=now), *agreements.faults(now=now)]
        asked = len(seats.INVARIANTS) + len(agreements.INVARIANTS)
        for fault in found:
            self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} found against {asked} invariants.")
        self.stdout.write(f"{asked} invariants hold.")
