"""One run: read both files, then write everything or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.staff_files.faults import ImportIsRunning, StaffFileFault
from people import audit
from people.models import Level, Unit, User
from people.staff_import.changes import Changes, JudgedKind
from people.staff_import.faults import ImportStopped
from people.staff_import.file_map import AS_TOLD, FileMap
from people.staff_import.files import read_files
from people.staff_import.import_day import ImportDay
from people.staff_import.judging import BeforeImport, StaffImportPlan
from people.staff_import.people_changes import (
    bring_people,
    call_off_people,
    end_roles_of_those_who_left,
)
from people.staff_import.place_changes import Ids, bring_leaders, bring_positions, places_of
from people.staff_import.unit_changes import bring_units, call_off_units

LOCK = 5_702_002
"""Names the advisory lock of this import among those of the database."""


@dataclass(frozen=True)
class ImportOutcome:
    changes: Changes
    plan: StaffImportPlan
    read_as: list[str]
    """In words, what was read as what."""
    set_aside: list[StaffFileFault]
    """What is wrong with the rows that were set aside."""


@transaction.atomic
def import_staff(
    units: Path,
    people: Path,
    *,
    on: dt.date,
    today: dt.date,
    file_map: FileMap = AS_TOLD,
    by: User | None = None,
    is_dry_run: bool = False,
    accepted: Collection[JudgedKind] = (),
    agreed: Collection[tuple[JudgedKind, str]] = (),
) -> ImportOutcome:
    """Bring organisation and staff to what HR's files say from the day `on`.

    Positions and leaderships that are not listed any more end, and whoever has none left loses
    their roles. A day ahead changes nothing before it (`ImportDay`). Rows that cannot be read are
    set aside, and what they speak of is left as it is. One audit record with counts, if anything
    changed, besides one for each role.
    Raises StaffFilesRefused for files that cannot be read, ImportIsRunning, and ImportStopped when
    so much of a kind would change that the files are rather damaged, unless the kind is `accepted`,
    or `agreed` to by the digest of what would change.
    """
    take_lock()
    day = ImportDay(on, today)
    files = read_files(units, people, file_map, day=day)
    staff = files.staff
    before, changes = BeforeImport(on), Changes()
    unit_ids = bring_units(files.units, day=day, changes=changes)
    ids = Ids(units=unit_ids, people=bring_people(staff, day=day, changes=changes))
    brought = places_of(staff, ids.people)
    beginning = bring_positions(brought, ids, day=day, changes=changes)
    bring_leaders(brought, ids, beginning, day=day, changes=changes)
    plan = before.sum_up(changes)
    try:
        plan.judge(accepted, agreed, unread_columns=files.unread_columns)
    except ImportStopped as stopped:
        stopped.read_as, stopped.set_aside = files.read_as, files.set_aside
        raise
    if changes:
        _refresh_statistics()
    if not day.is_ahead:
        end_roles_of_those_who_left(staff, on=on, changes=changes)
    call_off_people(staff, changes)
    call_off_units(files.units, day=day, changes=changes)
    if changes:
        top = Unit.objects.filter(level=Level.MUNICIPALITY).order_by("pk")[0]
        audit.record("import_staff", top, by=by, on=on.isoformat(), counts=changes.counts())
    if is_dry_run:
        transaction.set_rollback(True)
    return ImportOutcome(changes, plan, files.read_as, files.set_aside)


def _refresh_statistics() -> None:
    """Until then the planner takes the tables to be as small as before, and a join takes minutes.

    Autovacuum does this too, but it sees no rows of a transaction that has not committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_unit, people_user, people_position, people_leadership")


def take_lock() -> None:
    """Hold the import until the transaction ends. Raises ImportIsRunning when another does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            raise ImportIsRunning(_("En import kjører allerede."))
