"""`manage.py prepare`: everything that must have happened before the portal's first page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import InsufficientPrivilege


class Command(BaseCommand):
    help = "Migrates and collects static files; what is done is skipped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo into an empty one")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
        with one_at_a_time():
            collect_static_files()
            refuse_other_migrations()
            migrate()
            if demo:
                call_command("seed_demo", "--if-empty", stdout=self.stdout)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for another that prepares the same database, and then find its work done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('portal.prepare'))")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('portal.prepare'))")


def migrate() -> None:
    """Bring the tables up to date. Raises CommandError where the role in use may not."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except (ProgrammingError, MigrationSchemaMissing) as error:
        if not any(isinstance(one, InsufficientPrivilege) for one in chain_of(error)):
            raise
        raise CommandError(
            "The role in DATABASE_URL may not change the tables. Run this as their owner; "
            "docs/production-database.md says how."
        ) from error


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those that it came of: PostgreSQL's own is the last of them."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def refuse_other_migrations() -> None:
    """Stop before tables that were made by other migrations than those that are here.

    `migrate` would take them for its own by the names of the first ones.
    """
    loader = MigrationLoader(connection)
    own = {config.label for config in apps.get_app_configs()}
    unknown = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in own and (app, name) not in loader.disk_migrations
    ]
    if unknown:
        names = ", ".join(sorted(unknown))
        raise CommandError(
            f"The database was made by migrations that are not here ({names}). "
            "Delete var/ to begin anew, or take the version that made it."
        )


def collect_static_files() -> None:
    """Compressing takes seconds, so only when a file is another than the last time."""
    stamp_file = Path(settings.STATIC_ROOT) / ".stamp"
    stamp = static_files_stamp()
    if stamp_file.exists() and stamp_file.read_text(encoding="ascii") == stamp:
        return
    # Cleared, and the stamp with it: whoever comes after one that was stopped begins anew, and a
    # file that is dated before the copy of another version is taken all the same.
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp_file.write_text(stamp, encoding="ascii")


def static_files_stamp() -> str:
    """Tell what is collected, and how: one way leaves behind what another cannot serve."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
