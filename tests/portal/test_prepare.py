"""What must have happened before the first page, and what stops it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def test_tables_made_by_other_migrations_are_not_taken_for_ours(db: None) -> None:
    MigrationRecorder(connection).record_applied("people", "0007_reporting_line")
    with pytest.raises(CommandError, match=r"people\.0007_reporting_line.*Delete var/"):
        call_command("prepare")


def test_a_package_that_is_gone_stops_nothing(db: None) -> None:
    MigrationRecorder(connection).record_applied("no_such_app", "0001_initial")
    call_command("prepare")
