from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from common.staff_files.faults import ImportIsRunning, StaffFilesRefused
from people.staff_import.changes import LABELS, ChangeKind, JudgedKind
from people.staff_import.faults import ImportStopped
from people.staff_import.file_map import MAP_FILE, ready_maps
from people.staff_import.recording import run_import
from people.staff_import.run import ImportOutcome
from people.staff_import.undoing import ImportUndoRefused, undo_import

OF_FILES = ("units", "people", "map", "dry_run", "accept", "on")
"""The options that say something about files."""


class Command(BaseCommand):
    help = "Imports units, people, positions and leaders from HR's files (docs/staff-import.md)."
    stealth_options = ("today",)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--units", type=Path, metavar="units.csv")
        parser.add_argument("--people", type=Path, metavar="people.csv")
        parser.add_argument(
            "--undo",
            action="store_true",
            help="take the last run back instead, as long as nothing it changed has been changed",
        )
        parser.add_argument(
            "--map",
            default="",
            metavar="FILE",
            help="how the files are written, or the name of a ready map ("
            f"{', '.join(ready_maps())}); {MAP_FILE} beside the units' file if left out",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and list, write nothing")
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            type=JudgedKind,
            choices=list(JudgedKind),
            metavar="KIND",
            help="so much of this kind is right (may be said several times): "
            + ", ".join(kind.value for kind in JudgedKind),
        )
        parser.add_argument(
            "--on",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the first day on which the files hold; today if left out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options.get("today") or timezone.localdate()
        if options["undo"]:
            if any(options[name] for name in OF_FILES):
                # A dry run above all: what it is not told to write it would take back.
                raise CommandError("--undo takes no files, and nothing that is about them")
            self._undo()
            return
        if not options["units"] or not options["people"]:
            raise CommandError("--units and --people are required")
        try:
            outcome = run_import(
                options["units"],
                options["people"],
                on=options["on"] or today,
                today=today,
                map_name=options["map"],
                is_dry_run=options["dry_run"],
                accepted=options["accept"],
            )
        except StaffFilesRefused as refused:
            self.stdout.write("".join(f"{line}\n" for line in refused.read_as), ending="")
            for fault in refused.faults:
                self.stderr.write(str(fault))
            raise CommandError(refused.message) from None
        except ImportStopped as stopped:
            self._tell_what_was_read(stopped)
            raise CommandError(stopped.message) from None
        except ImportIsRunning as refused:
            raise CommandError(refused.message) from None
        self._report(outcome, is_listed=options["verbosity"] > 0)
        if options["dry_run"]:
            self.stdout.write(_("Prøvekjøring: ingenting er lagret."))

    def _undo(self) -> None:
        try:
            undone = undo_import(now=timezone.now())
        except ImportUndoRefused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(_("Importen er tatt tilbake. Det er som det var før den."))
        for kind in ChangeKind:
            if count := undone.counts.get(kind.value):
                self.stdout.write(f"{LABELS[kind]}: {count}")

    def _tell_what_was_read(
        self, found: ImportOutcome | ImportStopped, *, is_listed: bool = True
    ) -> None:
        """What was taken for what, and the rows that were set aside: they may be why it stopped."""
        if is_listed:
            self.stdout.write("".join(f"{line}\n" for line in found.read_as), ending="")
        for fault in found.set_aside:
            self.stderr.write(str(fault))
        if rows := {(fault.file, fault.line) for fault in found.set_aside}:
            self.stdout.write(_("Rader satt til side: %(count)d") % {"count": len(rows)})

    def _report(self, outcome: ImportOutcome, *, is_listed: bool) -> None:
        self._tell_what_was_read(outcome, is_listed=is_listed)
        for kind, texts in outcome.changes.listed():
            self.stdout.write(f"{LABELS[kind]}: {len(texts)}")
            if is_listed:
                self.stdout.write("".join(f"  {text}\n" for text in texts), ending="")
        if not outcome.changes:
            self.stdout.write(_("Ingen endringer."))
