"""`manage.py messages`: updates, compiles or checks the English catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import catalogue


class Command(BaseCommand):
    help = "Keeps locale/en: --update takes in new messages, --check says what is missing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--update", action="store_true", help="take in messages from the code")
        what.add_argument("--compile", action="store_true", help="write what Django reads")
        what.add_argument("--check", action="store_true", help="fail unless it is complete")
        parser.add_argument("--root", type=Path, default=Path(settings.BASE_DIR))

    def handle(self, *args: Any, root: Path, **options: Any) -> None:
        path = root / "locale" / "en" / "LC_MESSAGES" / "django.po"
        if options["compile"]:
            catalogue.compile_catalogue(path)
        elif options["update"]:
            catalogue.update(path, catalogue.extracted(root))
        else:
            self.check_complete(path, root)

    def check_complete(self, path: Path, root: Path) -> None:
        faults = catalogue.faults(path, catalogue.extracted(root))
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"The English catalogue has {len(faults)} faults.")
