from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.participation_import.actions import ParticipationOutcome, import_participation
from attendance.participation_import.section import MAP_FILE, find_section
from common.staff_files.faults import ImportIsRunning, StaffFilesRefused
from people.models import Unit


class Command(BaseCommand):
    help = (
        "Imports what people attended before the portal, from another system's file "
        "(docs/participation-import.md)."
    )
    stealth_options = ("today",)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="participation.csv")
        parser.add_argument(
            "--organiser",
            default="",
            metavar="HR_ID",
            help="the unit that held what the file names no organiser of",
        )
        parser.add_argument(
            "--map",
            default="",
            metavar="FILE",
            help=f"how the file is written; {MAP_FILE} beside it if left out",
        )
        parser.add_argument(
            "--all-attended",
            action="store_true",
            help="the file lists those who came, and has no column that says so",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and list, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            outcome = import_participation(
                path,
                today=options.get("today") or timezone.localdate(),
                now=timezone.now(),
                section=find_section(options["map"], path.parent),
                organiser=_unit(options["organiser"]),
                are_all_attended=options["all_attended"],
                is_dry_run=options["dry_run"],
            )
        except StaffFilesRefused as refused:
            self.stdout.write("".join(f"{line}\n" for line in refused.read_as), ending="")
            for fault in refused.faults:
                self.stderr.write(str(fault))
            raise CommandError(refused.message) from None
        except ImportIsRunning as refused:
            raise CommandError(refused.message) from None
        self._report(outcome, is_listed=options["verbosity"] > 0)
        if options["dry_run"]:
            self.stdout.write(_("Prøvekjøring: ingenting er lagret."))

    def _report(self, outcome: ParticipationOutcome, *, is_listed: bool) -> None:
        if is_listed:
            self.stdout.write("".join(f"{line}\n" for line in outcome.read_as), ending="")
        for fault in [*outcome.set_aside, *outcome.unknown]:
            self.stderr.write(str(fault))
        changes = outcome.changes
        for text, count in (
            (_("Rader satt til side: %(count)d"), len({one.line for one in outcome.set_aside})),
            (_("Rader om ukjente og folk som har sluttet: %(count)d"), len(outcome.unknown)),
            (_("Rader som er utelatt: %(count)d"), outcome.left_out),
            (_("Nye seminarer: %(count)d"), len(changes.seminars)),
            (_("Seminarer med ny siste dag: %(count)d"), changes.days_changed),
            (_("Nye deltakelser: %(count)d"), changes.added),
            (_("Rettede deltakelser: %(count)d"), changes.mended),
        ):
            if count:
                self.stdout.write(text % {"count": count})
        if is_listed:
            self.stdout.write("".join(f"  {one}\n" for one in changes.seminars), ending="")
        if not changes:
            self.stdout.write(_("Ingen endringer."))


def _unit(hr_id: str) -> Unit | None:
    if not hr_id:
        return None
    unit = Unit.objects.filter(hr_id=hr_id).first()
    if unit is None:
        raise CommandError(_("Ingen enhet har HR-nummeret %(id)s.") % {"id": hr_id})
    return unit
