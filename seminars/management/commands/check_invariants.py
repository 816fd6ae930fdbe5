from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from seminars.invariants import INVARIANTS, faults


class Command(BaseCommand):
    help = "Check what must always be true of seats and queues; changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults(now=timezone.now())
        for fault in found:
            self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} found against {len(INVARIANTS)} invariants.")
        self.stdout.write(f"{len(INVARIANTS)} invariants hold.")
