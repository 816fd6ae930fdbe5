"""`manage.py messages`: updates, compiles or checks the catalogues of translations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import catalogue


class Command(BaseCommand):
    help = "Keeps locale/: --update takes in new messages, --check says what is missing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--update", action="store_true", help="take in messages from the code")
        what.add_argument("--compile", action="store_true", help="write what Django reads")
        what.add_argument("--check", action="store_true", help="fail unless it is complete")
        parser.add_argument("--root", type=Path, default=Path(settings.BASE_DIR))

    def handle(self, *args: Any, root: Path, **options: Any) -> None:
        translated = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        paths = [catalogue.catalogue_path(root, code) for code in translated]
        if options["compile"]:
            for path in paths:
                catalogue.compile_catalogue(path)
        elif options["update"]:
            for path in paths:
                catalogue.update(path, catalogue.extracted(root))
        else:
            self.check_complete(paths, root)

    def check_complete(self, paths: list[Path], root: Path) -> None:
        incomplete = []
        for path in paths:
            faults = catalogue.faults(path, catalogue.extracted(root))
            for fault in faults:
                self.stdout.write(fault)
            if faults:
                name = catalogue.name_in_english(path)
                incomplete.append(f"The {name} catalogue has {len(faults)} faults.")
        if incomplete:
            raise CommandError(" ".join(incomplete))
