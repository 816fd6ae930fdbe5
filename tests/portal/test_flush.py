"""Tests with real transactions empty the tables behind them, the append-only ones too."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from people.models import AuditRecord
from tests.machine import PATIENCE, is_held_up, own_session, wait_for


def make_record():
    return AuditRecord.objects.create(action="tested", object_type="people.user", object_id="1")


@pytest.mark.django_db(transaction=True)
def test_the_flush_between_tests_empties_append_only_tables():
    make_record()
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert AuditRecord.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_triggers_hold_again_after_a_flush():
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    record = make_record()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRecord.objects.filter(pk=record.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_auditrecord")
    assert AuditRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_flush_is_done_again_when_it_stood_in_somebody_s_way():
    """A page that nobody waits for any more has read the second table and wants the first."""
    first, second = "outbox_reminderoptout", "people_auditrecord"
    make_record()
    ours, has_read = own_session(), threading.Event()
    reader_s = []

    def read_the_other_way_round():
        reader_s.append(own_session())
        with transaction.atomic(), connection.cursor() as cursor:
            # The flush finds out first that neither can go on, and is the one that is refused.
            cursor.execute("SET LOCAL deadlock_timeout = '10min'")
            cursor.execute(f"LOCK TABLE {second} IN ACCESS SHARE MODE")
            has_read.set()
            wait_for(lambda: is_held_up(ours, by=reader_s[0]))
            cursor.execute(f"LOCK TABLE {first} IN ACCESS SHARE MODE")
        connection.close()

    reader = threading.Thread(target=read_the_other_way_round)
    reader.start()
    assert has_read.wait(PATIENCE)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), [first, second]))
    reader.join()
    assert AuditRecord.objects.count() == 0
