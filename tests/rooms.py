"""The rooms of the portal, as the folders are: a new one joins what goes through them all."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

NOT_ROOMS = {"benchmarks", "common", "tests"}
ROOMS = sorted(
    path.parent.name
    for path in Path(settings.BASE_DIR).glob("*/__init__.py")
    if path.parent.name not in NOT_ROOMS
)
