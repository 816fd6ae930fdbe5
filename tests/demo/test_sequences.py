"""The ids of tests and of the demo are as large as they are after some years."""

from django.db import connection

from demo.sequences import FIRST_ID, start_sequences_high
from people.models import AuditRecord


def make_record() -> AuditRecord:
    return AuditRecord.objects.create(action="tested", object_type="people.user", object_id="1")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_ids_of_tests_begin_above_a_million(db: None) -> None:
    assert make_record().pk >= FIRST_ID > 1_234_567


def test_low_sequences_are_raised_and_stay_so_when_they_are_restarted(db: None) -> None:
    run("ALTER SEQUENCE people_auditrecord_id_seq START WITH 1 RESTART")
    assert make_record().pk == 1
    start_sequences_high()
    assert make_record().pk == FIRST_ID
    run("ALTER SEQUENCE people_auditrecord_id_seq RESTART")
    assert next_id() == FIRST_ID


def next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_auditrecord_id_seq')")
        return int(cursor.fetchone()[0])
