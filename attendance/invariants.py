"""What is always true of who came, asked of the rows themselves and of nothing the actions use."""

from __future__ import annotations

from django.db import connection

from seminars.seats.invariants import Fault

INVARIANTS = {
    # Whoever left between two gatherings had a seat at the first.
    "only who had a seat has attended": """
        SELECT row.seminar_id, row.id FROM attendance_attendance AS attendance
          JOIN seminars_registration AS row ON row.id = attendance.registration_id
          JOIN seminars_seminar AS seminar ON seminar.id = row.seminar_id
         WHERE row.confirmed_at IS NULL
            OR row.state <> 'registered'
               AND row.withdrawn_at < (seminar.starts_at AT TIME ZONE 'Europe/Oslo')::date
                                      AT TIME ZONE 'Europe/Oslo'
    """,
    "a registration says what its attendance says": """
        SELECT row.seminar_id, row.id FROM seminars_registration AS row
          LEFT JOIN attendance_attendance AS attendance ON attendance.registration_id = row.id
         WHERE row.outcome <> coalesce(attendance.outcome, '')
    """,
}


def faults() -> list[Fault]:
    """Return everything that should not be, invariant by invariant."""
    found: list[Fault] = []
    with connection.cursor() as cursor:
        for invariant, question in INVARIANTS.items():
            cursor.execute(question)
            found += [Fault(invariant, seminar, row) for seminar, row in cursor.fetchall()]
    return found
