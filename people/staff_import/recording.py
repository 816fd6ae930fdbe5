"""A run of the import and the record of what became of it, also when nothing was imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from common.staff_files.faults import ImportIsRunning, StaffFileFault, StaffFilesRefused
from people.models import StaffImportConsent, StaffImportOutcome, StaffImportRun, User
from people.staff_import.changes import JudgedKind
from people.staff_import.faults import ImportStopped
from people.staff_import.file_map import find_map
from people.staff_import.judging import limits
from people.staff_import.run import ImportOutcome, import_staff

SHOWN = 200
"""So many faults are kept: a file of the wrong kind has one in every line."""


def run_import(
    units: Path,
    people: Path,
    *,
    on: dt.date,
    today: dt.date,
    map_name: str = "",
    by: User | None = None,
    is_dry_run: bool = False,
    accepted: Collection[JudgedKind] = (),
) -> ImportOutcome:
    """Import as `import_staff` does, with what has been agreed to, and keep a record of the run.

    One that finds another under way leaves none, as the other will; and a dry run leaves none.
    """
    asked: dict[str, Any] = {"on": on, "today": today, "by": by, "accepted": accepted}
    if is_dry_run:
        asked["file_map"] = find_map(map_name, units.parent)
        return import_staff(units, people, **asked, agreed=agreed(), is_dry_run=True)
    about: dict[str, Any] = {"on": on, "by": by, "accepted": [kind.value for kind in accepted]}
    try:
        with transaction.atomic():
            asked["file_map"] = find_map(map_name, units.parent)
            outcome = import_staff(units, people, **asked, agreed=agreed())
            _record(
                StaffImportOutcome.CARRIED_OUT,
                **about,
                counts=outcome.changes.counts(),
                **_told(outcome.set_aside),
            )
    except ImportIsRunning:
        raise
    except ImportStopped as stopped:
        _record(
            StaffImportOutcome.STOPPED,
            **about,
            stopped_by=_stopped_by(stopped),
            unread_columns=[(file, names[:SHOWN]) for file, names in stopped.unread_columns],
            **_told(stopped.set_aside),
        )
        raise
    except StaffFilesRefused as refused:
        _record(StaffImportOutcome.FAILED, **about, **_told(refused.faults))
        raise
    except Exception as error:
        # Its words may hold a cell of the files.
        _record(StaffImportOutcome.FAILED, **about, error=type(error).__name__)
        raise
    return outcome


def agreed() -> set[tuple[JudgedKind, str]]:
    """Return what has been agreed to since files were last imported: the kind, and of what."""
    imported = StaffImportRun.objects.filter(outcome=StaffImportOutcome.CARRIED_OUT)
    last = imported.order_by("-pk").values_list("pk", flat=True).first()
    consents = StaffImportConsent.objects.filter(run__gt=last or 0)
    return {
        (JudgedKind(kind), digest)
        for kind, digest in consents.values_list("kind", "digest")
        if kind in {one.value for one in JudgedKind}
    }


def _record(outcome: StaffImportOutcome, **fields: Any) -> None:
    StaffImportRun.objects.create(outcome=outcome, **fields)


def _stopped_by(stopped: ImportStopped) -> list[dict[str, Any]]:
    allowed = limits()
    return [
        {
            "kind": change.kind.value,
            "count": change.count,
            "of": change.of,
            "percent": allowed[change.kind].percent,
            "few": allowed[change.kind].few,
            "digest": change.digest,
        }
        for change in stopped.changes
    ]


def _told(faults: Sequence[StaffFileFault]) -> dict[str, Any]:
    rows = {(fault.file, fault.line) for fault in faults}
    first = [
        {"file": one.file, "line": one.line, "column": one.column, "message": one.message}
        for one in faults[:SHOWN]
    ]
    return {"rows_set_aside": len(rows), "set_aside": first}
