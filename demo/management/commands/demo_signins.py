"""`manage.py demo_signins`: whom one can be in the demo, and how."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.cast import DEMO_CAST, DEMO_PASSWORD
from people.models import User


class Command(BaseCommand):
    help = "Lists the demo's cast with their addresses, and the password that they share."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There is no demo here: DEMO is off in these settings.")
        loaded = set(User.objects.filter(email__in=_addresses()).values_list("email", flat=True))
        for person in DEMO_CAST:
            if person.email in loaded:
                self.stdout.write(f"  {person.label!s:<15}{person.email}")
        if not loaded:
            raise CommandError("The demo is not loaded: run manage.py seed_demo.")
        self.stdout.write(f"  One click on the sign-in page, or the password {DEMO_PASSWORD}")


def _addresses() -> list[str]:
    return [person.email for person in DEMO_CAST]
