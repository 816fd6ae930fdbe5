"""The audit trail: written by actions, kept by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from people.models import AuditRecord, User


def latest(obj: Model, *actions: str, **details: Any) -> AuditRecord | None:
    """Return the last record of one of the actions on the object: who changed it, and when."""
    found = AuditRecord.objects.filter(
        object_type=obj._meta.label_lower, object_id=str(obj.pk), action__in=actions
    )
    known = found.filter(details__contains=details) if details else found
    latest_one: AuditRecord | None = known.select_related("actor").order_by("-pk").first()
    return latest_one


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
    written.save(force_insert=True)
    return written
