"""What a run of the import writes is kept by triggers, so that it can be taken back.

They fire only where the transaction names a run (docs/adr/0029-taking-an-import-back.md). Without
the models, as the migration asks this that makes the triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from common.sql import sql_file

_SETTING = "SELECT set_config('portal.import_run', %s, true)"

TRIGGERS_SQL = sql_file(
    "people", "functions/import_changes.sql", generated="ARRAY['sort_key', 'search_text']"
)
"""The columns that PostgreSQL makes from others are left out: nobody can write them."""

DROP_TRIGGERS_SQL = sql_file("people", "functions/import_changes_dropped.sql")


@contextmanager
def changes_kept_of(run_id: int) -> Iterator[None]:
    """Keep each row that the block writes as one of the run; the block is within a transaction.

    When the block fails, what it wrote is gone with the transaction, and so is the setting.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTING, [str(run_id)])
    yield
    with connection.cursor() as cursor:
        cursor.execute(_SETTING, [""])
