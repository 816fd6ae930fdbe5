"""What whoever runs the portal is told of its seal by `manage.py check`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.utils import timezone

from evidence.seal_health import SealHealth, SealState, seal_health


def check_seal(**kwargs: Any) -> list[CheckMessage]:
    """Warn of a seal that is missing, unreadable, expired or about to be; stop no command."""
    now = seal_health(timezone.now())
    if now.can_seal and not settings.SEAL_TIMESTAMP_URL and not settings.SEAL_SELF_SIGNED_DIR:
        hint = "Name a time stamp service in SEAL_TIMESTAMP_URL."
        stamp = checks.Info(
            "Documents are sealed by the portal's own clock.", hint, id="evidence.I001"
        )
        return [*_about(now), stamp]
    return _about(now)


HINT = "Set SEAL_CERTIFICATE and SEAL_KEY; docs/agreements.md says how."
UNSEALED = "Documents are not sealed."


def _about(now: SealHealth) -> list[CheckMessage]:
    said: dict[SealState, list[CheckMessage]] = {
        SealState.GOOD: [],
        SealState.MISSING: [checks.Warning(UNSEALED, HINT, id="evidence.W001")],
        SealState.EXPIRES_SOON: [checks.Warning(_end_of(now), HINT, id="evidence.W002")],
        SealState.UNREADABLE: [checks.Warning(now.problem, HINT, id="evidence.W004")],
        SealState.EXPIRED: [checks.Warning(f"{UNSEALED} {_end_of(now)}", HINT, id="evidence.W005")],
    }
    return said[now.standing]


def check_seal_of_deployment(**kwargs: Any) -> list[CheckMessage]:
    """Fail `check --deploy` for a seal that is named and of no use.

    An error of every check would also stop the import of staff and the migrations, for which the
    seal is of no matter.
    """
    now = seal_health(timezone.now())
    if now.standing == SealState.UNREADABLE:
        return [checks.Error(now.problem, HINT, id="evidence.E001")]
    if now.standing == SealState.EXPIRED:
        return [checks.Error(f"{UNSEALED} {_end_of(now)}", HINT, id="evidence.E002")]
    return []


def _end_of(now: SealHealth) -> str:
    return f"The seal's certificate ends on {now.seal.expires_at:%Y-%m-%d}." if now.seal else ""
