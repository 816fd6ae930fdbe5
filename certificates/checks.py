"""What whoever runs the portal is told by `check --deploy` of the key of digital badges."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured

from certificates.badge_key import find_badge_key, published_multikeys

HINT = "Set BADGE_KEY; docs/digital-badges.md says how."


def check_badge_key(**kwargs: Any) -> list[CheckMessage]:
    """Tell of a key that is missing; fail for one that is named and of no use."""
    try:
        key, _published = find_badge_key(), published_multikeys()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), HINT, id="certificates.E001")]
    if key is None:
        missing = "Certificates cannot be downloaded as digital badges."
        return [checks.Info(missing, HINT, id="certificates.I001")]
    return []
