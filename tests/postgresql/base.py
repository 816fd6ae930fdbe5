"""PostgreSQL as it is, but emptying tables between tests passes the append-only triggers."""

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, *args, **kwargs):
        statements = super().sql_flush(*args, **kwargs)
        # LOCAL: holds for the flush's own transaction and no longer.
        return statements and ["SET LOCAL session_replication_role = replica", *statements]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
