"""The audit trail: written by actions, kept by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from common.prepared import PreparedInsert
from people.models import AuditRecord, User

_RECORD = PreparedInsert(AuditRecord)


def record(
    action: str,
    obj: Model,
    *,
    by: User | None,
    on_behalf_of: User | None = None,
    reason: str = "",
    **details: Any,
) -> AuditRecord:
    """Write down that `by` did `action` to `obj`, in the caller's transaction.

    `by` is None only for what the portal does by itself (a sweep, a reminder). `details` holds
    ids, counts and states, never text that somebody wrote: the trail is read by administrators,
    and it outlives what it speaks of.
    """
    written = AuditRecord(
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        actor=by,
        on_behalf_of=on_behalf_of,
        reason=reason,
        details=details,
    )
    _RECORD.write(written)
    return written
