"""What whoever runs the portal is told of what guards agreements by `manage.py check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import connections

EVIDENCE = (
    "commitments_agreement",
    "commitments_revision",
    "commitments_signature",
    "commitments_document",
    "commitments_evidenceevent",
    "commitments_evidencesalt",
)

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
