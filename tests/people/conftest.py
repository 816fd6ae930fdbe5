"""What only tests of people need."""

import pytest
from django.db import connection


@pytest.fixture
def at_commit():
    """Has the database check at once what it would check at the end of the transaction."""

    def check() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return check
