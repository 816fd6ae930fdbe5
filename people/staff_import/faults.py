"""Why HR's files were not imported, though they could be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from common.errors import Refused
from common.staff_files.faults import StaffFileFault

if TYPE_CHECKING:
    from people.staff_import.judging import JudgedChange


UnreadColumns = Sequence[tuple[str, list[str]]]
"""By file: columns that the import knows nothing of."""


class ImportStopped(Refused):
    """So much would change that the files are rather damaged; nothing was imported."""

    def __init__(
        self,
        told: list[str],
        changes: Sequence[JudgedChange],
        unread_columns: UnreadColumns = (),
    ) -> None:
        self.changes = changes
        self.unread_columns = unread_columns
        self.read_as: Sequence[str] = ()
        self.set_aside: Sequence[StaffFileFault] = ()
        unread = unread_in_words(unread_columns)
        super().__init__("\n".join([*told, *unread, _("Ingenting er importert.")]))


def unread_in_words(columns: UnreadColumns) -> list[str]:
    """Return a line for each file with columns that the import knows nothing of: «leder?»."""
    unread = _("kolonner som ikke er lest")
    return [f"{file}: {unread}: {', '.join(names)}" for file, names in columns if names]
