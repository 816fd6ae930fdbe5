"""What must have happened before the first page, and what stops it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from portal.management.commands.prepare import collect_static_files
from portal.settings.base import STORAGES

PROJECT = Path(settings.BASE_DIR)
HOUR = 3600
"""What is collected must be older than what is to take its place, in whole seconds."""
SERVERS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")


def test_tables_made_by_other_migrations_are_not_taken_for_ours(db: None) -> None:
    MigrationRecorder(connection).record_applied("people", "0007_reporting_line")
    with pytest.raises(CommandError, match=r"people\.0007_reporting_line.*Delete var/"):
        call_command("prepare")


def test_a_package_that_is_gone_stops_nothing(db: None) -> None:
    MigrationRecorder(connection).record_applied("no_such_app", "0001_initial")
    call_command("prepare")


def test_two_that_prepare_at_once_wait_for_each_other(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if name not in SERVERS}
    own |= {"DJANGO_SETTINGS_MODULE": "portal.settings.local", "VAR_DIR": str(tmp_path)}
    both = [
        subprocess.Popen([sys.executable, "manage.py", "prepare"], cwd=PROJECT, env=own)
        for _number in range(2)
    ]
    assert [one.wait(300) for one in both] == [0, 0]
    assert (tmp_path / "static" / "staticfiles.json").exists()


@pytest.fixture
def stylesheet(tmp_path: Path, settings: Settings) -> Path:
    """All there is to collect, into `static` beside it."""
    file = tmp_path / "ours" / "portal.css"
    file.parent.mkdir()
    file.write_text("p { color: inherit; }")
    settings.STATICFILES_DIRS = [file.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    return file


def test_what_was_collected_another_way_is_collected_anew(
    tmp_path: Path, stylesheet: Path, settings: Settings
) -> None:
    collect_static_files()
    manifest = tmp_path / "static" / "staticfiles.json"
    assert not manifest.exists()

    settings.STORAGES = STORAGES
    collect_static_files()
    assert "portal.css" in manifest.read_text()


def test_after_one_that_was_stopped_all_is_collected_anew(
    tmp_path: Path, stylesheet: Path, settings: Settings
) -> None:
    settings.STORAGES = STORAGES
    collect_static_files()
    whole, then = stylesheet.read_text(), int(stylesheet.stat().st_mtime)
    stylesheet.write_text("p { background: url(is-not-there.svg); }")
    os.utime(stylesheet, (then + HOUR, then + HOUR))
    with pytest.raises(ValueError, match="is-not-there"):
        collect_static_files()

    stylesheet.write_text(whole)
    os.utime(stylesheet, (then, then))
    collect_static_files()
    assert (tmp_path / "static" / "portal.css").read_text() == whole
