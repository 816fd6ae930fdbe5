"""What is wrong in a staff file, and where."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Refused
from common.numbers import number


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
