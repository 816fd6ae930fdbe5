"""Ids as they are after some years: a fault that only large ids show is seen the first day."""

from django.db import connection

FIRST_ID = 1_234_568

STATEMENTS = """
    SELECT format('ALTER SEQUENCE %%I.%%I START WITH %%s RESTART', schemaname, sequencename, %s)
      FROM pg_sequences
     WHERE schemaname = current_schema() AND data_type <> 'smallint'::regtype AND start_value < %s
"""


def start_sequences_high() -> None:
    """Let the ids of all tables begin at FIRST_ID, also after `TRUNCATE … RESTART IDENTITY`."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS, [FIRST_ID, FIRST_ID])
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
