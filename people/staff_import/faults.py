"""What is wrong in a staff file, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Refused
from common.numbers import number

if TYPE_CHECKING:
    from people.staff_import.judging import JudgedChange


UnreadColumns = Sequence[tuple[str, list[str]]]
"""By file: columns that the import knows nothing of."""


@dataclass(frozen=True, slots=True)
class StaffFileFault:
    """`column` is empty for what concerns a whole line; `line` 0 is the file itself.

    `key` is what is wrong in a map.
    """

    file: str
    line: int
    column: str
    message: str
    key: str = ""

    def __str__(self) -> str:
        where = [self.file]
        if self.line:
            where.append(_("linje %(line)d") % {"line": self.line})
        if self.column:
            where.append(_("kolonne «%(column)s»") % {"column": self.column})
        if self.key:
            where.append(_("nøkkel «%(key)s»") % {"key": self.key})
        return f"{', '.join(where)}: {self.message}"


class StaffFilesRefused(Refused):
    """The files have faults, so nothing was imported. `read_as` says what was read as what."""

    def __init__(
        self, faults: list[StaffFileFault], message: str = "", *, read_as: list[str] | None = None
    ) -> None:
        self.faults = faults
        self.read_as = read_as or []
        counted = ngettext(
            "%(count)s feil. Ingenting er importert.",
            "%(count)s feil. Ingenting er importert.",
            len(faults),
        )
        super().__init__(message or counted % {"count": number(len(faults))})


class ImportIsRunning(Refused):
    """Another run holds the lock."""


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
