"""`manage.py database_grants ROLE`: the SQL that lets a role run the portal and own nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

KEPT = ("commitments_evidenceevent", "people_auditrecord")
"""Rows come in and never change: beside the triggers, the role may not even try."""

STAYING = ("certificates_badgestatus",)
"""Rows end and never go: a badge that was taken back does not become good again."""

UNCHANGED = (
    "certificates_certificatedocument",
    "commitments_document",
    "commitments_evidencesalt",
    "commitments_note",
    "commitments_outcome",
    "commitments_signature",
)
"""Rows never change, and go when a retention has ended: the triggers know when."""


class Command(BaseCommand):
    help = "Prints SQL for the tables' owner to run after each migration. Nothing is changed."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role in the portal's own DATABASE_URL")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        # In one transaction: between taking all away and giving it back the portal goes on.
        self.stdout.write("\n".join(["BEGIN;", *grants(role), "COMMIT;"]))


def grants(role: str) -> list[str]:
    """Return the statements that give the role what it needs and take away the rest."""
    name = connection.ops.quote_name(role.replace('"', '""'))
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name};",
        f"GRANT USAGE ON SCHEMA public TO {name};",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};",
        f"REVOKE UPDATE, DELETE ON {', '.join(KEPT)} FROM {name};",
        f"REVOKE DELETE ON {', '.join(STAYING)} FROM {name};",
        f"REVOKE UPDATE ON {', '.join(UNCHANGED)} FROM {name};",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name};",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};",
    ]
