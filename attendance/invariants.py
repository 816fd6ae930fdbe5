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
    "attendance of a session is what was last said of it": """
        WITH source AS (
            SELECT registration_id, session_id, 'attended' AS outcome, received_at AS at,
                   0 AS kind, id
              FROM attendance_scan AS scan
             WHERE NOT EXISTS (SELECT FROM attendance_undonescan WHERE scan_id = scan.id)
             UNION ALL
            SELECT registration_id, session_id, outcome, at, 1, id FROM attendance_attendancemark
        ), last AS (
            SELECT DISTINCT ON (registration_id, session_id) registration_id, session_id, outcome
              FROM source ORDER BY registration_id, session_id, at DESC, kind DESC, id DESC
        )
        SELECT row.seminar_id, row.id FROM last
          FULL JOIN attendance_sessionattendance AS told USING (registration_id, session_id)
          JOIN seminars_registration AS row ON row.id = registration_id
         WHERE coalesce(last.outcome, '') <> coalesce(told.outcome, '')
    """,
    "attendance in all is what the sessions come to": """
        WITH sessions AS (
            SELECT registration_id,
                   CASE WHEN count(DISTINCT outcome) = 1 THEN min(outcome)
                        WHEN bool_or(outcome IN ('attended', 'partly')) THEN 'partly'
                        ELSE 'no_show' END AS outcome
              FROM attendance_sessionattendance GROUP BY registration_id
        )
        SELECT row.seminar_id, row.id FROM sessions
          FULL JOIN attendance_attendance AS attendance USING (registration_id)
          JOIN seminars_registration AS row ON row.id = registration_id
         WHERE coalesce(sessions.outcome, '') <> coalesce(attendance.outcome, '')
    """,
    "a scan and a mark are of a session of the person's seminar": """
        SELECT row.seminar_id, row.id
          FROM (SELECT registration_id, session_id FROM attendance_scan
                 UNION ALL
                SELECT registration_id, session_id FROM attendance_attendancemark) AS source
          JOIN seminars_registration AS row ON row.id = source.registration_id
          JOIN seminars_session AS session ON session.id = source.session_id
         WHERE session.seminar_id <> row.seminar_id
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
