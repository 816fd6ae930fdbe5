"""What whoever runs the portal is told where the demo's sign-in is open."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage


def check_no_demo(**kwargs: Any) -> list[CheckMessage]:
    """Fail `check --deploy` where anybody signs in as anybody."""
    if not settings.DEMO:
        return []
    text = "DEMO is on: whoever reaches the portal signs in as anybody in it."
    hint = "Run with portal.settings.production, which refuses the demo."
    return [checks.Error(text, hint, id="demo.E001")]
