"""Bringing past participation to what a file says: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from attendance.models import PastOutcome, PastParticipation, PastSeminar
from attendance.participation_import.participation_file import (
    PastParticipationFile,
    SeminarKey,
    SeminarRead,
    read_participation,
)
from common.batches import batches
from common.numbers import number
from common.staff_files.faults import ImportIsRunning, StaffFileFault, StaffFilesRefused
from common.staff_files.file_map import NO_SECTION, FileSection
from common.staff_files.set_aside import are_too_many_set_aside, in_order, too_many_in_words
from people import audit
from people.models import Level, Unit, User

LOCK = 5_702_003
"""Names the advisory lock of this import among those of the database."""
ROWS_AT_A_TIME = 5_000


@dataclass
class ParticipationChanges:
    """How much an import wrote; `seminars` are the titles and days of what is new."""

    seminars: list[str] = field(default_factory=list)
    days_changed: int = 0
    added: int = 0
    mended: int = 0

    def counts(self) -> dict[str, int]:
        counts = {
            "seminars_added": len(self.seminars),
            "days_changed": self.days_changed,
            "participations_added": self.added,
            "participations_mended": self.mended,
        }
        return {name: count for name, count in counts.items() if count}

    def __bool__(self) -> bool:
        return bool(self.counts())


@dataclass(frozen=True)
class ParticipationOutcome:
    changes: ParticipationChanges
    read_as: list[str]
    """In words, what was read as what."""
    set_aside: list[StaffFileFault]
    unknown: list[StaffFileFault]
    """Rows of people whom the portal does not know, or whom HR lists no more."""
    left_out: int


@transaction.atomic
def import_participation(
    path: Path,
    *,
    today: dt.date,
    now: dt.datetime,
    section: FileSection = NO_SECTION,
    organiser: Unit | None = None,
    are_all_attended: bool = False,
    by: User | None = None,
    is_dry_run: bool = False,
) -> ParticipationOutcome:
    """Bring past participation to what a file says; what it does not list is left as it is.

    Outcomes and hours that differ are mended, and hours that the file is silent on stay. Nobody is
    told, and nothing is asked of anybody. One audit record with counts, if anything changed.
    Raises StaffFilesRefused for a file that cannot be read, or of which more rows than a share are
    set aside or of people unknown, and ImportIsRunning.
    """
    _take_lock()
    read = read_participation(
        path, section, today=today, organiser=organiser, are_all_attended=are_all_attended
    )
    _refuse(read)
    changes = ParticipationChanges()
    _bring_participations(read, _bring_seminars(read, changes), changes, now)
    if changes:
        top = Unit.objects.filter(level=Level.MUNICIPALITY).order_by("pk")[0]
        audit.record("attendance.import_participation", top, by=by, counts=changes.counts())
    if is_dry_run:
        transaction.set_rollback(True)
    return ParticipationOutcome(
        changes, read.file.read_as(), in_order(read.file.set_aside), read.unknown, read.left_out
    )


def _take_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            raise ImportIsRunning(_("En import kjører allerede."))


def _refuse(read: PastParticipationFile) -> None:
    file, read_as = read.file, read.file.read_as()
    if file.faults:
        raise StaffFilesRefused(in_order(file.faults), read_as=read_as)
    set_aside = in_order([*file.set_aside, *read.unknown])
    few = settings.PARTICIPATION_IMPORT_SET_ASIDE_ROWS
    percent = settings.PARTICIPATION_IMPORT_SET_ASIDE_PERCENT
    if are_too_many_set_aside(file, percent=percent, rows=few):
        raise StaffFilesRefused(set_aside, too_many_in_words(file), read_as=read_as)
    most = file.count * settings.PARTICIPATION_IMPORT_UNKNOWN_PERCENT / 100
    if len(read.unknown) > max(few, most):
        raise StaffFilesRefused(set_aside, _too_many_unknown(read), read_as=read_as)


def _too_many_unknown(read: PastParticipationFile) -> str:
    return _(
        "%(count)s av %(all)s rader i %(file)s er om ukjente eller om folk som har sluttet. "
        "Ingenting er importert."
    ) % {
        "count": number(len(read.unknown)),
        "all": number(read.file.count),
        "file": read.file.name,
    }


def _bring_seminars(
    read: PastParticipationFile, changes: ParticipationChanges
) -> dict[SeminarKey, int]:
    """Return the keys in the database of the file's seminars, those that are new written."""
    stored = {
        (one.first_day, one.title_key, one.organiser_unit_id): one
        for one in PastSeminar.objects.filter(first_day__in={key[0] for key in read.seminars})
    }
    new = [_new(key, read.seminars[key]) for key in sorted(read.seminars) if key not in stored]
    moved = []
    for key, seminar in read.seminars.items():
        one = stored.get(key)
        if one and seminar.last_day and one.last_day != seminar.last_day:
            one.last_day = seminar.last_day
            moved.append(one)
    PastSeminar.objects.bulk_update(moved, ["last_day"], batch_size=500)
    changes.days_changed = len(moved)
    PastSeminar.objects.bulk_create(new, batch_size=ROWS_AT_A_TIME)
    changes.seminars += [f"{one.first_day} {one.title}" for one in new]
    found = {(one.first_day, one.title_key, one.organiser_unit_id): one.pk for one in new}
    return found | {key: one.pk for key, one in stored.items()}


def _new(key: SeminarKey, seminar: SeminarRead) -> PastSeminar:
    first_day, title_key, organiser = key
    return PastSeminar(
        title=seminar.title,
        title_key=title_key,
        organiser_unit_id=organiser,
        first_day=first_day,
        last_day=seminar.last_day or first_day,
    )


Written = dict[tuple[int, int], tuple[str, int | None]]
"""By person and seminar: outcome and minutes."""


def _bring_participations(
    read: PastParticipationFile,
    seminars: dict[SeminarKey, int],
    changes: ParticipationChanges,
    now: dt.datetime,
) -> None:
    stored = _stored(seminars.values())
    written = []
    for key, seminar in read.seminars.items():
        for row in seminar.rows:
            before = stored.get((row.user, seminars[key]))
            says: tuple[PastOutcome, int | None] = (row.outcome, row.minutes)
            if before and row.minutes is None:
                says = (row.outcome, before[1])
            if before == says:
                continue
            changes.added += before is None
            changes.mended += before is not None
            written.append(
                PastParticipation(
                    seminar_id=seminars[key],
                    user_id=row.user,
                    outcome=says[0],
                    minutes=says[1],
                    imported_at=now,
                )
            )
    PastParticipation.objects.bulk_create(
        written,
        batch_size=ROWS_AT_A_TIME,
        update_conflicts=True,
        unique_fields=["user", "seminar"],
        update_fields=["outcome", "minutes", "imported_at"],
    )


def _stored(seminars: Iterable[int]) -> Written:
    found: Written = {}
    for some in batches(sorted(seminars), ROWS_AT_A_TIME):
        rows = PastParticipation.objects.filter(seminar__in=some).order_by()
        for user, seminar, outcome, minutes in rows.values_list(
            "user_id", "seminar_id", "outcome", "minutes"
        ):
            found[user, seminar] = (outcome, minutes)
    return found
