"""What a trigger prevents, done without it: for positive controls and hostile rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import connection

SET = "SELECT set_config('pgtrigger.ignore', %s, false)"


@contextmanager
def without_triggers(*names: str) -> Iterator[None]:
    """Leave out the named triggers, or all of ours, on this connection.

    As `pgtrigger.ignore` does, which writes its setting before each statement: two in one are
    refused where values go apart from the SQL.
    """
    ignored = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered(*names)]
    with connection.cursor() as cursor:
        cursor.execute(SET, ["{" + ",".join(ignored) + "}"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(SET, ["{}"])
