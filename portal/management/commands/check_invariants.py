"""`manage.py check_invariants`: asks the rows what must always be true; changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attendance import invariants as attendance
from commitments import invariants as agreements
from seminars.seats import invariants as seats


class Command(BaseCommand):
    help = "Check what must always be true of seats, queues, attendance and signed agreements."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = [*seats.faults(now=now), *attendance.faults(), *agreements.faults(now=now)]
        asked = sum(len(room.INVARIANTS) for room in (seats, attendance, agreements))
        for fault in found:
            self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} found against {asked} invariants.")
        self.stdout.write(f"{asked} invariants hold.")
