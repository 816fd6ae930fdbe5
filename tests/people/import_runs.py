"""Runs of the import as the pages about them find them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from people.models import StaffImportOutcome, StaffImportRun

STOPPED = {
    "kind": "leaders_ended",
    "count": 591,
    "of": 591,
    "percent": 5,
    "few": 10,
    "digest": "0" * 64,
}


def make_import_run(**fields: Any) -> StaffImportRun:
    """Carried out, unless it is said what stopped it."""
    outcome = (
        StaffImportOutcome.STOPPED if "stopped_by" in fields else StaffImportOutcome.CARRIED_OUT
    )
    return StaffImportRun.objects.create(
        **{"on": timezone.localdate(), "outcome": outcome, **fields}
    )
