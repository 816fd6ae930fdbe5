"""The triggers of this room, whose bodies stand in files beside this one."""

from __future__ import annotations

import pgtrigger

from common.sql import trigger_body


def body(name: str, **filled: str) -> str:
    return trigger_body("commitments", name, **filled)


def before(name: str, operation: pgtrigger.Operation, func: str | None = None) -> pgtrigger.Trigger:
    """Return a trigger before each row; its body is the file of its name unless it is given."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=body(name) if func is None else func,
    )
