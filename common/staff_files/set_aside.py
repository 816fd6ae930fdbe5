"""When so many rows of a staff file are set aside that it is rather the file that is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.numbers import number
from common.staff_files.faults import StaffFileFault
from common.staff_files.reading import StaffFile


def are_too_many_set_aside(file: StaffFile, *, percent: float, rows: int) -> bool:
    """Whether they are more than both a share of the file's rows and a few."""
    return file.rows_set_aside() > max(rows, file.count * percent / 100)


def too_many_in_words(file: StaffFile) -> str:
    return _("%(count)s av %(all)s rader i %(file)s kan ikke leses. Ingenting er importert.") % {
        "count": number(file.rows_set_aside()),
        "all": number(file.count),
        "file": file.name,
    }


def in_order(faults: Iterable[StaffFileFault]) -> list[StaffFileFault]:
    return sorted(faults, key=lambda fault: (fault.file, fault.line))
