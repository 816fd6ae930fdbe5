"""What whoever runs the portal should know before it seals anything, by `manage.py check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.db import connections
from django.utils import timezone

from commitments.evidence.seal_health import SealHealth, SealState, seal_health

EVIDENCE = (
    "commitments_agreement",
    "commitments_revision",
    "commitments_signature",
    "commitments_document",
    "commitments_evidenceevent",
    "commitments_evidencesalt",
)


def check_seal(**kwargs: Any) -> list[CheckMessage]:
    """Warn of a seal that is missing, unreadable, expired or about to be; stop no command."""
    now = seal_health(timezone.now())
    if now.can_seal and not settings.SEAL_TIMESTAMP_URL and not settings.SEAL_SELF_SIGNED_DIR:
        hint = "Name a time stamp service in SEAL_TIMESTAMP_URL."
        stamp = checks.Info(
            "Agreements are sealed by the portal's own clock.", hint, id="commitments.I001"
        )
        return [*_about(now), stamp]
    return _about(now)


HINT = "Set SEAL_CERTIFICATE and SEAL_KEY; docs/agreements.md says how."
UNSEALED = "Agreements are not sealed."


def _about(now: SealHealth) -> list[CheckMessage]:
    said: dict[SealState, list[CheckMessage]] = {
        SealState.GOOD: [],
        SealState.MISSING: [checks.Warning(UNSEALED, HINT, id="commitments.W001")],
        SealState.EXPIRES_SOON: [checks.Warning(_end_of(now), HINT, id="commitments.W002")],
        SealState.UNREADABLE: [checks.Warning(now.problem, HINT, id="commitments.W004")],
        SealState.EXPIRED: [
            checks.Warning(f"{UNSEALED} {_end_of(now)}", HINT, id="commitments.W005")
        ],
    }
    return said[now.standing]


def check_seal_of_deployment(**kwargs: Any) -> list[CheckMessage]:
    """Fail `check --deploy` for a seal that is named and of no use.

    An error of every check would also stop the import of staff and the migrations, for which the
    seal is of no matter.
    """
    now = seal_health(timezone.now())
    if now.standing == SealState.UNREADABLE:
        return [checks.Error(now.problem, HINT, id="commitments.E001")]
    if now.standing == SealState.EXPIRED:
        return [checks.Error(f"{UNSEALED} {_end_of(now)}", HINT, id="commitments.E002")]
    return []


def _end_of(now: SealHealth) -> str:
    return f"The seal's certificate ends on {now.seal.expires_at:%Y-%m-%d}." if now.seal else ""


_POWERS = """
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        OR bool_or(pg_has_role(current_user, relowner, 'MEMBER'))
        OR bool_or(has_table_privilege(oid, 'TRUNCATE'))
    FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)
"""


def check_database_role(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A role that owns the tables of evidence can turn their triggers off."""
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(_POWERS, [list(EVIDENCE)])
        is_mighty = cursor.fetchone()[0]
    if not is_mighty:
        return []
    text = "The portal's database role could turn off what guards the evidence."
    hint = "Let another role own the tables; docs/production-database.md says how."
    return [checks.Warning(text, hint, id="commitments.W003")]
