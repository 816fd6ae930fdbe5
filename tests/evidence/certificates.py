"""Certificates that tests seal with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from evidence.self_signed import make_certificate


def named_certificate(
    settings: Any, folder: Path, holds_for: dt.timedelta, *, made: dt.datetime
) -> None:
    path = folder / "seal.pem"
    path.write_bytes(make_certificate(made, holds_for=holds_for))
    settings.SEAL_CERTIFICATE = settings.SEAL_KEY = str(path)
    settings.SEAL_SELF_SIGNED_DIR = ""
