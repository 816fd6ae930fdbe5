"""What only tests of people need."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from tests.people.staff_files import StaffFolder


@pytest.fixture
def at_commit():
    """Has the database check at once what it would check at the end of the transaction."""

    def check() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return check


@pytest.fixture
def staff(tmp_path: Path) -> StaffFolder:
    return StaffFolder(tmp_path, on=dt.date(2026, 11, 24))
