"""Until when the rows of this room stay."""

from __future__ import annotations

import pgtrigger

from common.sql import trigger_body
from seminars.retention_periods import KEPT_AT_LEAST


def goes_with_its_seminar(name: str, seminar: str) -> pgtrigger.Trigger:
    """A row goes when the archive plan may take who came to the seminar, and not before."""
    return pgtrigger.Trigger(
        name=f"{name}_goes_with_its_seminar",
        operation=pgtrigger.Delete,
        when=pgtrigger.Before,
        func=trigger_body(
            "certificates",
            "goes_with_its_seminar",
            seminar=seminar,
            days=str(KEPT_AT_LEAST.days),
        ),
    )
