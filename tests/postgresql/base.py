"""PostgreSQL as it is, but emptying tables between tests passes the append-only triggers.

Ids begin above a million, as they are after some years: nothing is right only while they are small.
"""

from django.db import OperationalError
from django.db.backends.postgresql import base, creation, operations
from psycopg.errors import DeadlockDetected

from demo.sequences import start_sequences_high

ATTEMPTS = 10


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, *args, **kwargs):
        statements = super().sql_flush(*args, **kwargs)
        # LOCAL: holds for the flush's own transaction and no longer.
        return statements and ["SET LOCAL session_replication_role = replica", *statements]

    def execute_sql_flush(self, sql_list):
        """A web server or worker that has not quite finished takes its locks in another order."""
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                return super().execute_sql_flush(sql_list)
            except OperationalError as error:
                if not (isinstance(error.__cause__, DeadlockDetected) and attempts_left):
                    raise


class DatabaseCreation(creation.DatabaseCreation):
    def create_test_db(self, *args, **kwargs):
        name = super().create_test_db(*args, **kwargs)
        start_sequences_high()
        return name


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
