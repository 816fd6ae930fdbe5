from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles.actions import grant_role
from people.actions import RoleRefused
from people.models import Role, Unit, User


class Command(BaseCommand):
    help = (
        "Gives somebody a role from today: how a new portal gets its first administrator, who "
        "gives the other roles in the portal. Without --unit it holds for the whole municipality."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--unit", metavar="HR_ID", help="HR's id of the unit")
        parser.add_argument("--name", help="makes the person, if nobody has that address yet")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        unit = self._unit(options["unit"])
        user = self._user(options["email"].strip().lower(), options["name"])
        try:
            grant_role(
                user=user,
                role=Role(options["role"]),
                unit=unit,
                by=None,
                today=today,
                valid_from=today,
            )
        except RoleRefused as refused:
            raise CommandError(refused.message) from None
        role = Role(options["role"]).label
        self.stdout.write(f"{user.name}: {role}, {unit}")

    def _unit(self, hr_id: str | None) -> Unit:
        if hr_id:
            unit = Unit.objects.filter(hr_id=hr_id).first()
        else:
            unit = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
        if unit is None:
            raise CommandError(_("Det er ingen slik enhet. Importer enhetene først."))
        return unit

    def _user(self, email: str, name: str | None) -> User:
        user = User.objects.filter(email=email).first()
        if user is None and not name:
            raise CommandError(_("Det er ingen med adressen %(email)s.") % {"email": email})
        if user is not None:
            return user
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        return User.objects.create_user(email, name=name)
