"""A run of the import and the record of what became of it, also when nothing was imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.db import transaction

from common.staff_files.faults import ImportIsRunning, StaffFileFault, StaffFilesRefused
from people.import_changes import changes_kept_of
from people.models import StaffImportConsent, StaffImportOutcome, StaffImportRun, Unit, User
from people.staff_import.changes import JudgedKind
from people.staff_import.faults import ImportStopped
from people.staff_import.file_map import find_map
from people.staff_import.judging import limits
from people.staff_import.run import ImportOutcome, import_staff

LONGEST_LINE = 2000
"""Characters that are kept of a line on what was read: a file may have any number of columns."""
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
            asked["agreed"] = agreed()
            # Before it is carried out: what it changes is kept as this run's.
            run = _record(StaffImportOutcome.CARRIED_OUT, **about)
            with _changes_kept(run):
                outcome = import_staff(units, people, **asked)
            told = _told(outcome.set_aside, outcome.read_as)
            _finish(run, counts=outcome.changes.counts(), **told)
    except ImportIsRunning:
        raise
    except ImportStopped as stopped:
        _record(
            StaffImportOutcome.STOPPED,
            **about,
            stopped_by=_stopped_by(stopped),
            unread_columns=[(file, names[:SHOWN]) for file, names in stopped.unread_columns],
            **_told(stopped.set_aside, stopped.read_as),
        )
        raise
    except StaffFilesRefused as refused:
        _record(StaffImportOutcome.FAILED, **about, **_told(refused.faults, refused.read_as))
        raise
    except Exception as error:
        # Its words may hold a cell of the files.
        _record(StaffImportOutcome.FAILED, **about, error=type(error).__name__)
        raise
    return outcome


def agreed() -> set[tuple[JudgedKind, str]]:
    """Return what has been agreed to since files were last imported: the kind, and of what."""
    imported = StaffImportRun.objects.carried_out()
    last = imported.order_by("-pk").values_list("pk", flat=True).first()
    consents = StaffImportConsent.objects.filter(run__gt=last or 0)
    return {
        (JudgedKind(kind), digest)
        for kind, digest in consents.values_list("kind", "digest")
        if kind in {one.value for one in JudgedKind}
    }


def _record(outcome: StaffImportOutcome, **fields: Any) -> StaffImportRun:
    return StaffImportRun.objects.create(outcome=outcome, **fields)


def _finish(run: StaffImportRun, **fields: Any) -> None:
    """Say what became of it."""
    StaffImportRun.objects.filter(pk=run.pk).update(**fields)


def _changes_kept(run: StaffImportRun) -> AbstractContextManager[None]:
    """Not of the first import of all, which has nothing to be taken back to."""
    if not Unit.objects.exists():
        return nullcontext()
    run.keeps_changes = True
    run.save(update_fields=["keeps_changes"])
    return changes_kept_of(run.pk)


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


def _told(faults: Sequence[StaffFileFault], read_as: Sequence[str]) -> dict[str, Any]:
    rows = {(fault.file, fault.line) for fault in faults}
    first = [
        {"file": one.file, "line": one.line, "column": one.column, "message": one.message}
        for one in faults[:SHOWN]
    ]
    lines = [line[:LONGEST_LINE] for line in read_as]
    return {"rows_set_aside": len(rows), "set_aside": first, "read_as": lines}
