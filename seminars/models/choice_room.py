"""That a choice between parallel sessions has room for the whole hall, kept by the database."""

from __future__ import annotations

import pgtrigger

ROOM_GUARD = """
    of_seminar := CASE WHEN TG_OP = 'DELETE' THEN OLD.:seminar ELSE NEW.:seminar END;
    SELECT capacity INTO hall FROM seminars_seminar WHERE id = of_seminar FOR NO KEY UPDATE;
    SELECT choice_group.id, coalesce(sum(session.capacity), 0) AS room INTO crowded
      FROM seminars_choicegroup AS choice_group
      LEFT JOIN seminars_session AS session ON session.choice_group_id = choice_group.id
     WHERE choice_group.seminar_id = of_seminar
     GROUP BY choice_group.id HAVING coalesce(sum(session.capacity), 0) < hall LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'choice % has % seats, fewer than the hall''s %',
            crowded.id, crowded.room, hall
            USING ERRCODE = 'check_violation', CONSTRAINT = 'choice_has_room_for_the_hall';
    END IF;
    RETURN NULL;
"""


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
        func=pgtrigger.Func(ROOM_GUARD.replace(":seminar", seminar)),
    )
