"""`manage.py verify_evidence`: goes through all evidence, and fails when something is amiss."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.evidence.verification import verify_all
from commitments.models import Agreement


class Command(BaseCommand):
    help = "Says what in the agreements' evidence does not add up; ends with 1 when anything does."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for finding in verify_all():
            self.stdout.write(str(finding))
            count += 1
        if count:
            raise CommandError(f"{count} findings.")
        self.stdout.write(f"Nothing is amiss in {Agreement.objects.count()} agreements.")
