"""The rows that a run of the import wrote, as long as it can be taken back."""

from __future__ import annotations

import pgtrigger
from django.db import models

from people.models.staff_import_run import StaffImportRun


class StaffImportChange(models.Model):
    """One write to one row, in the order they were made. The database's triggers write it.

    Nobody reads it: it is what taking the run back replays, and it goes when that is too late.
    """

    run = models.ForeignKey(StaffImportRun, on_delete=models.CASCADE, related_name="changed_rows")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    """The columns that changed, as they were; the whole of a row that went, and none of a new."""
    after = models.JSONField(null=True)
    """The same columns as they became; the whole of a new row, and none of one that went."""

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["run", "table_name", "row_id"], name="import_change_of_row")
        ]
        triggers = [
            pgtrigger.Protect(name="staff_import_change_never_changes", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}, {self.run_id}"
