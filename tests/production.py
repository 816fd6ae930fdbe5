"""A .venv as a server has it: of `requirements/production.txt`, and nothing beside it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
LOCK = PROJECT / "requirements" / "production.txt"
VENV = PROJECT / "var" / "production-venv"
INSTALL = ("install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r")


def production_venv() -> Path:
    """Made once a clone, and anew when the lock is another; two that want it wait."""
    VENV.parent.mkdir(exist_ok=True)
    with VENV.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made_from = VENV / "made-from.txt"
        if not (made_from.exists() and made_from.read_bytes() == LOCK.read_bytes()):
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
            pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
            installed = subprocess.run([*pip, *INSTALL, LOCK], capture_output=True, text=True)
            assert installed.returncode == 0, installed.stderr
            shutil.copy(LOCK, made_from)
    return VENV


def production_environment(folder: Path, **more: str) -> dict[str, str]:
    """What the process itself needs, and what the portal asks for; nothing of the tests' own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "VAR_DIR": str(folder),
        "DATABASE_URL": "postgres://db.example.org/portal",
        "REDIS_URL": "redis://redis.example.org/0",
        "EMAIL_URL": "smtp://mail.example.org",
        "ALLOWED_HOSTS": "leder.example.org",
        "SITE_URL": "https://leder.example.org",
        "DEFAULT_FROM_EMAIL": "leder@example.org",
        "SECRET_KEY": "Zo3-only-for-this-check-8Qp_long-enough-and-varied-0x71fK2m",
        **more,
    }
