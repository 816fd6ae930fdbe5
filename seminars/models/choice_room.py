"""That a choice between parallel sessions has room for the whole hall, kept by the database."""

from __future__ import annotations

import pgtrigger

from common.sql import trigger_body


def room_guard(
    name: str, operation: pgtrigger.Operation, *, seminar: str = "seminar_id"
) -> pgtrigger.Trigger:
    """Asked at the end of the transaction: a choice is written one session at a time.

    Locks the seminar before it counts, so that of two who each take a session away or enlarge the
    hall the second sees what the first did.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=[("of_seminar", "bigint"), ("hall", "integer"), ("crowded", "record")],
        func=pgtrigger.Func(
            trigger_body("seminars", "choice_has_room_for_the_hall", seminar=seminar)
        ),
    )
