"""The browser of the journeys is one that has shown a page, whatever lies on the path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.journeys.browser import browser_path

pytestmark = pytest.mark.journey

STUB = "#!/bin/sh\necho 'chromium-browser requires the chromium snap to be installed' >&2\nexit 1\n"
SAID = "chromium-browser requires the chromium snap to be installed"


def decided(**environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key != "CHROMIUM"}
    return subprocess.run(
        [sys.executable, "-m", "tests.journeys.browser"],
        cwd=settings.BASE_DIR,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def stub(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text(STUB)
    path.chmod(0o755)
    return path


def test_one_that_does_not_start_is_passed_by(tmp_path: Path) -> None:
    stub(tmp_path, "chromium")
    whole = tmp_path / "google-chrome"
    whole.write_text(f'#!/bin/sh\nexec "{browser_path()}" "$@"\n')
    whole.chmod(0o755)
    found = decided(PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{whole}\n", "")


def test_where_none_starts_it_is_said_what_each_answered(tmp_path: Path) -> None:
    path = stub(tmp_path, "chromium-browser")
    none = decided(PATH=str(tmp_path))
    assert (none.returncode, none.stdout, none.stderr) == (1, "", f"{path}: {SAID}\n")


def test_one_that_is_named_is_the_one_or_none(tmp_path: Path) -> None:
    path = stub(tmp_path, "mine")
    named = decided(CHROMIUM=str(path))
    assert (named.returncode, named.stderr) == (1, f"{path}: {SAID}\n")
    missing = decided(CHROMIUM="/nowhere/chromium")
    assert missing.returncode == 1
    assert missing.stderr.startswith("/nowhere/chromium: ")


def test_none_at_all_is_said(tmp_path: Path) -> None:
    assert decided(PATH=str(tmp_path)).stderr.startswith("There is none of chromium, ")
