"""`manage.py check_invariants`: asks the rows what must always be true; changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attendance import invariants as attendance
from certificates import invariants as certificates
from commitments import invariants as agreements
from seminars.seats import invariants as seats

SHOWN = 20


class BrokenInvariant(Protocol):
    """A row that is not as it must always be; its text names it."""

    @property
    def invariant(self) -> str: ...


class Command(BaseCommand):
    help = (
        "Check what must always be true of seats, queues, attendance, agreements and certificates."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found: list[BrokenInvariant] = [
            *seats.faults(now=now),
            *attendance.faults(),
            *agreements.faults(now=now),
            *certificates.faults(),
        ]
        asked = sum(len(room.INVARIANTS) for room in (seats, attendance, agreements, certificates))
        self._tell(found)
        if found:
            raise CommandError(f"{len(found)} found against {asked} invariants.")
        self.stdout.write(f"{asked} invariants hold.")

    def _tell(self, found: Iterable[BrokenInvariant]) -> None:
        """One line a fault; of one kind no more than a person would read."""
        of_each: defaultdict[str, list[BrokenInvariant]] = defaultdict(list)
        for fault in found:
            of_each[fault.invariant].append(fault)
        for invariant, faults in of_each.items():
            for fault in faults[:SHOWN]:
                self.stdout.write(str(fault))
            if len(faults) > SHOWN:
                self.stdout.write(f"{invariant}: {len(faults) - SHOWN} more")
