"""Tests with real transactions empty the tables behind them, the append-only ones too."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from people.models import AuditRecord


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
