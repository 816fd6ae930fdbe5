"""Triggers for tables whose rows are never to change."""

from __future__ import annotations

import pgtrigger


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that let rows in and never let them change or go, TRUNCATE included."""
    return [
        pgtrigger.Protect(
            name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        never_truncated(name),
    ]


def never_truncated(name: str) -> pgtrigger.Trigger:
    """TRUNCATE is a statement without rows, of which the library's Protect knows nothing."""
    return pgtrigger.Trigger(
        name=f"{name}_no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'Cannot truncate %', TG_TABLE_NAME;",
    )
