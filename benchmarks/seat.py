"""The transaction of a registration, written by hand: the least that PostgreSQL has to do.

The lock, the count, the row, the audit record and the letter, as a registration writes them.
"""

from __future__ import annotations

import uuid

import psycopg

LETTER = "Velkommen til seminaret. " * 160
"""About as long as the real one, its calendar part and its HTML together."""

LOCK = "SELECT capacity FROM seminars_seminar WHERE id = %s FOR NO KEY UPDATE"
PRESENT = """
    SELECT 1 FROM seminars_registration WHERE seminar_id = %s AND user_id = %s
       AND state IN ('registered', 'offered', 'waitlisted')
"""
COUNT = """
    SELECT count(*) FROM seminars_registration
     WHERE seminar_id = %s AND state IN ('registered', 'offered')
"""
REGISTER = """
    INSERT INTO seminars_registration (seminar_id, user_id, registered_by_id, was_leader, state,
           created_at, queued_at, confirmed_at, calendar_uid, calendar_sequence)
    VALUES (%(seminar)s, %(user)s, %(user)s, true, %(state)s::text, now(), now(),
            CASE WHEN %(state)s::text = 'registered' THEN now() END, %(uid)s, 0)
    RETURNING id
"""
AUDIT = """
    INSERT INTO people_auditrecord (at, actor_id, action, object_type, object_id, reason, details)
    VALUES (now(), %s, 'seminars.register', 'seminars.registration', %s, '', '{}')
"""
LETTER_ROW = """
    INSERT INTO outbox_letter (key, kind, recipient_id, to_email, language, subject, text, html,
           calendar, calendar_method, is_reminder, is_secret, urgency, about_type, about_id,
           message_id, state, attempts, last_error, queued_at, next_attempt_at)
    VALUES (%(uid)s::text, 'seminars.confirmed', %(user)s, 'leder@example.org', 'nb',
            'Du har plass', %(words)s, %(words)s, %(words)s, 'REQUEST', false, false, 1,
            'seminars.registration', %(id)s::text, %(uid)s::text, 'queued', 0, '', now(), now())
"""


def take_seat(connection: psycopg.Connection, seminar: int, user: int) -> str:
    with connection.transaction():
        capacity = connection.execute(LOCK, [seminar]).fetchone()[0]
        if connection.execute(PRESENT, [seminar, user]).fetchone():
            return "present"
        taken = connection.execute(COUNT, [seminar]).fetchone()[0]
        state = "registered" if taken < capacity else "waitlisted"
        values = {"seminar": seminar, "user": user, "state": state, "uid": str(uuid.uuid4())}
        row = connection.execute(REGISTER, values).fetchone()[0]
        connection.execute(AUDIT, [user, str(row)])
        connection.execute(LETTER_ROW, values | {"id": str(row), "words": LETTER})
    return state
