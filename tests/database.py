"""The migrated database that each of pytest's processes copies: made once, not once a process.

It lies among the embedded servers' databases under a name that says what it was made from, and is
made again when a migration or a package has changed. A server that is not ours gets none.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from devtools import embedded

PROJECT = Path(settings.BASE_DIR)
PREFIX = "migrated_"
OWN_IMPORT = re.compile(r"^\s*(?:from|import) ([a-z_]+(?:\.[a-z_]+)+)", re.M)
ONE_AT_A_TIME = 7_308_651
"""The number of the advisory lock, among which nobody else has it."""


def made_from() -> list[Path]:
    """Return the migrations, their SQL, our modules that they import, and the lock of packages."""
    migrations = [
        *PROJECT.glob("*/migrations/*.py"),
        *PROJECT.glob("*/**/triggers/*.sql"),
        *PROJECT.glob("*/functions/*.sql"),
        *PROJECT.glob("*/migrations/*.sql"),
    ]
    named = {
        PROJECT / f"{module.replace('.', '/')}.py"
        for path in migrations
        if path.suffix == ".py"
        for module in OWN_IMPORT.findall(path.read_text(encoding="utf-8"))
    }
    rest = [
        PROJECT / "common" / "sql.py",
        PROJECT / "requirements" / "dev.txt",
        PROJECT / "portal" / "settings" / "base.py",
        Path(__file__),
    ]
    return sorted({*migrations, *(path for path in named if path.exists()), *rest})


def template_name() -> str:
    """Return the name that is this and no other state's of all that it is made from."""
    digest = hashlib.sha256()
    for path in made_from():
        digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes() + b"\0")
    return f"{PREFIX}{digest.hexdigest()[:20]}"


def make_template(server: psycopg.Connection, name: str) -> None:
    """Make it under another name first: one that was broken off is never taken for whole."""
    for (earlier,) in server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
    ).fetchall():
        server.execute(f'DROP DATABASE IF EXISTS "{earlier}" WITH (FORCE)')
    unfinished = f"{PREFIX}unfinished"
    server.execute(f'CREATE DATABASE "{unfinished}"')
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    server.execute(f'ALTER DATABASE "{unfinished}" WITH ALLOW_CONNECTIONS false')
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def is_there(server: psycopg.Connection, name: str) -> bool:
    found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def find_or_make_template(config: pytest.Config) -> str:
    """Return the name of the database to copy. The second process waits for the first."""
    name, host = template_name(), settings.DATABASES["default"]["HOST"]
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not is_there(server, name):
            began = time.monotonic()
            say(config, "Making the database that the tests copy …")
            make_template(server, name)
            say(config, f"Made it in {time.monotonic() - began:.0f} s.")
    return name


def say(config: pytest.Config, line: str) -> None:
    """To whoever waits, past pytest's capturing."""
    with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stderr.write(f"\n{line}\n")
        sys.stderr.flush()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: pytest.FixtureRequest,
) -> None:
    if embedded.are_used_by(settings) and not settings.DATABASE_URL:
        with django_db_blocker.unblock():
            name = find_or_make_template(request.config)
        connection.settings_dict["TEST"]["TEMPLATE"] = name
