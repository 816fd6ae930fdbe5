"""Taking the last run back: each row it wrote becomes what it was before.

What was kept of the run is replayed the other way round, so that every state on the way is one
that there has been. Where something has been changed since, nothing is taken back at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignObjectRel, Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Refused
from common.numbers import number
from common.staff_files.faults import ImportIsRunning
from people import audit
from people.models import (
    IMPORT_UNDO_WINDOW,
    FormerAgency,
    FormerName,
    Leadership,
    Position,
    RoleGrant,
    StaffImportChange,
    StaffImportOutcome,
    StaffImportRun,
    Unit,
    User,
)
from people.staff_import.run import take_lock
from people.trail import things_in_words

AT_ONCE = 2000
"""Writes that are read and sent together."""

UNDO_HOURS = IMPORT_UNDO_WINDOW // dt.timedelta(hours=1)

KEPT: dict[type[Model], Promise] = {
    Unit: gettext_lazy("enheter"),
    Unit.successors.through: gettext_lazy("etterfølgere"),
    User: gettext_lazy("personer"),
    Position: gettext_lazy("stillinger"),
    Leadership: gettext_lazy("lederforhold"),
    RoleGrant: gettext_lazy("roller"),
    FormerAgency: gettext_lazy("tidligere virksomheter"),
    FormerName: gettext_lazy("tidligere navn"),
    EmailAddress: gettext_lazy("e-postadresser"),
}
"""What an import writes, and what it is called. `people/import_changes.py` keeps each."""

_TABLES = {model._meta.db_table: words for model, words in KEPT.items()}

_LOCKED_SQL = """
    SELECT FROM {table} WHERE id IN (
        SELECT row_id FROM people_staffimportchange WHERE run_id = %s AND table_name = %s
    ) ORDER BY id FOR UPDATE
"""

_CHANGED_SINCE_SQL = """
    WITH written AS (
        SELECT DISTINCT ON (change.row_id, one.key) change.row_id, one.key, one.value
        FROM people_staffimportchange change CROSS JOIN jsonb_each(change.after) one
        WHERE change.run_id = %s AND change.table_name = %s AND NOT EXISTS (
            SELECT FROM people_staffimportchange gone
            WHERE gone.run_id = change.run_id AND gone.table_name = change.table_name
              AND gone.row_id = change.row_id AND gone.after IS NULL
        )
        ORDER BY change.row_id, one.key, change.id DESC
    )
    SELECT count(DISTINCT written.row_id)
    FROM written LEFT JOIN {table} now ON now.id = written.row_id
    WHERE to_jsonb(now) -> written.key IS DISTINCT FROM written.value
"""


class ImportUndoRefused(Refused):
    """The run cannot be taken back, or not any more."""


def last_changing_run() -> StaffImportRun | None:
    """Return the run that there may be something to take back of: one that changed nothing since
    is in nobody's way."""
    return StaffImportRun.objects.changing().order_by("-pk").first()


def refusal_of(run: StaffImportRun | None, *, now: dt.datetime) -> str:
    """Return why a run cannot be taken back, in a sentence; empty if it can, as far as is seen."""
    last = last_changing_run()
    if run is None or last is None:
        return _("Det er ingen import å ta tilbake.")
    if StaffImportRun.objects.filter(undoes=run).exists() or run.is_undoing:
        return _("Importen er allerede tatt tilbake.")
    if run.outcome != StaffImportOutcome.CARRIED_OUT or not run.counts:
        return _("Kjøringen endret ingenting, og det er ingenting å ta tilbake.")
    if run != last:
        return _("En annen kjøring har endret noe etterpå. Bare den siste kan tas tilbake.")
    if run.at <= now - IMPORT_UNDO_WINDOW:
        told = _("Det er mer enn %(hours)s timer siden. Importen kan ikke tas tilbake lenger.")
        return told % {"hours": number(UNDO_HOURS)}
    if not StaffImportRun.objects.carried_out().filter(pk__lt=run.pk).exists():
        return _("Det var den første importen, og det er ingenting å gå tilbake til.")
    if not run.keeps_changes:
        return _("Portalen tok ikke vare på hva kjøringen endret.")
    return ""


@transaction.atomic
def undo_import(
    *, now: dt.datetime, run: StaffImportRun | None = None, by: User | None = None
) -> StaffImportRun:
    """Take a run back, the last one if none is named; answers with the run that did it.

    Raises ImportUndoRefused with a sentence for whoever asked, and nothing is changed then: also
    when somebody has changed since what the run wrote, or something hangs on a row that it made.
    """
    try:
        take_lock()
    except ImportIsRunning as running:
        raise ImportUndoRefused(running.message) from None
    run = run or last_changing_run()
    if refusal := refusal_of(run, now=now):
        raise ImportUndoRefused(refusal)
    assert run is not None  # noqa: S101
    _lock_rows(run)
    _refuse_what_has_changed(run)
    try:
        with transaction.atomic():
            _replay(run)
            connection.check_constraints()
    except IntegrityError as error:
        raise ImportUndoRefused(
            _("Importen kan ikke tas tilbake: noe som er lagret siden, står i veien.")
        ) from error
    undone = StaffImportRun.objects.create(
        outcome=StaffImportOutcome.UNDONE, on=run.on, by=by, undoes=run, counts=run.counts, at=now
    )
    audit.record("people.undo_import", run, by=by, counts=run.counts)
    run.changed_rows.all().delete()
    return undone


def _changed(run: StaffImportRun, model: type[Model]) -> QuerySet[StaffImportChange]:
    return StaffImportChange.objects.filter(run=run, table_name=model._meta.db_table).order_by()


def _lock_rows(run: StaffImportRun) -> None:
    """So that what is looked at now is so when it is taken back."""
    with connection.cursor() as cursor:
        # It was empty yesterday, and the planner may think that it is so still.
        cursor.execute("ANALYZE people_staffimportchange")
        for table in _TABLES:
            cursor.execute(_LOCKED_SQL.format(table=table), [run.pk, table])


def _refuse_what_has_changed(run: StaffImportRun) -> None:
    changed = {str(words): _changed_since(run, table) for table, words in _TABLES.items()}
    if any(changed.values()):
        raise ImportUndoRefused(
            _("Importen kan ikke tas tilbake: noe av det er endret siden. %(what)s.")
            % {"what": _counted(changed)}
        )
    hanging = _hanging_on_new_rows(run)
    if hanging:
        raise ImportUndoRefused(
            _("Importen kan ikke tas tilbake: noe viser til det som kom med den. %(what)s.")
            % {"what": _counted(hanging)}
        )


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{words}: {number(count)}" for words, count in counts.items() if count)


def _changed_since(run: StaffImportRun, table: str) -> int:
    """Count the rows that are not as the run left them, in what it wrote of them."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE_SQL.format(table=table), [run.pk, table])
        found: tuple[int] = cursor.fetchone()
    return found[0]


def _hanging_on_new_rows(run: StaffImportRun) -> dict[str, int]:
    """Count what refers to rows that the run made and did not write itself, by what it is."""
    words, hanging = things_in_words(), dict[str, int]()
    for model in KEPT:
        new = _changed(run, model).filter(before__isnull=True)
        if not new.exists():
            continue
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
                continue
            other = relation.related_model
            rows = other._base_manager.filter(
                **{f"{relation.field.name}__in": new.values("row_id")}
            )
            if other in KEPT:
                rows = rows.exclude(pk__in=_changed(run, other).values("row_id"))
            if count := rows.count():
                name = str(KEPT.get(other) or words.get(other._meta.label_lower) or _("annet"))
                hanging[name] = hanging.get(name, 0) + count
    return hanging


def _replay(run: StaffImportRun) -> None:
    """The last write first; many alike after each other are sent together."""
    changes: Any = run.changed_rows.order_by("-pk").iterator(chunk_size=AT_ONCE)
    # Python would let go of it after a refusal whenever it likes, in a transaction of others.
    with closing(changes), connection.cursor() as cursor:
        for (table, does, columns), alike in groupby(changes, key=_what_to_do):
            sql = _sql(table, does, columns)
            while rows := list(_rows(does, islice(alike, AT_ONCE))):
                cursor.executemany(sql, rows)


def _what_to_do(change: StaffImportChange) -> tuple[str, str, tuple[str, ...]]:
    if change.before is None:
        return change.table_name, "delete", ()
    does = "insert" if change.after is None else "update"
    return change.table_name, does, tuple(sorted(change.before))


def _rows(does: str, alike: Iterator[StaffImportChange]) -> Iterator[list[str | int]]:
    for change in alike:
        before = [] if does == "delete" else [json.dumps(change.before)]
        yield [*before, *([] if does == "insert" else [change.row_id])]


def _sql(table: str, does: str, columns: tuple[str, ...]) -> str:
    if table not in _TABLES:
        raise LookupError(table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    # The names are of tables and columns that there are; what they held is sent apart.
    as_it_was = f"SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"  # noqa: S608
    return {
        "delete": f"DELETE FROM {table} WHERE id = %s",  # noqa: S608
        "insert": f"INSERT INTO {table} ({names}) {as_it_was}",
        "update": f"UPDATE {table} SET ({names}) = ({as_it_was}) WHERE id = %s",  # noqa: S608
    }[does]
