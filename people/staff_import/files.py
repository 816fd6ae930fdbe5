"""Both staff files, read and held against each other and against whose address is whose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from common.staff_files.faults import StaffFileFault, StaffFilesRefused
from common.staff_files.reading import StaffFile
from common.staff_files.set_aside import are_too_many_set_aside, in_order, too_many_in_words
from people.models import User
from people.staff_import.faults import UnreadColumns
from people.staff_import.file_map import FileMap
from people.staff_import.import_day import ImportDay
from people.staff_import.leaders import find_leaders, say_if_no_leaders
from people.staff_import.people_file import Staff, read_people
from people.staff_import.unit_file import Units, read_units


@dataclass(frozen=True)
class StaffFiles:
    units: Units
    staff: Staff
    read_as: list[str]
    """In words, what was read as what."""
    unread_columns: UnreadColumns
    set_aside: list[StaffFileFault]
    """What is wrong with the rows that were set aside, by file and line."""


def read_files(units: Path, people: Path, file_map: FileMap, *, day: ImportDay) -> StaffFiles:
    """Read HR's files; what cannot be read is set aside, and is to be left as it is stored.

    Raises StaffFilesRefused where a file cannot be read at all, lacks a column, or has so many rows
    set aside that it is rather the file that is wrong.
    """
    unit_rows, unit_file = read_units(units, file_map.units, on=day.on)
    known_units = None if unit_file.faults else unit_rows
    staff, people_file = read_people(people, known_units, file_map.people, on=day.on)
    files = [people_file, unit_file]
    if all(file.fields for file in files):
        say_if_no_leaders(people_file, unit_file)
    read_as = [*unit_file.read_as(), *people_file.read_as()]
    if faults := [fault for file in files for fault in file.faults]:
        raise StaffFilesRefused(in_order(faults), read_as=read_as)
    if not day.is_ahead:
        set_contested_addresses_aside(staff, people_file)
    find_leaders(staff, unit_rows, people_file, unit_file, on=day.on)
    set_aside = in_order([fault for file in files for fault in file.set_aside])
    for file in files:
        if are_too_many_set_aside(
            file,
            percent=settings.STAFF_IMPORT_SET_ASIDE_PERCENT,
            rows=settings.STAFF_IMPORT_SET_ASIDE_ROWS,
        ):
            raise StaffFilesRefused(set_aside, too_many_in_words(file), read_as=read_as)
    unread = [(file.name, file.unread_columns()) for file in (unit_file, people_file)]
    return StaffFiles(unit_rows, staff, read_as, unread, set_aside)


def set_contested_addresses_aside(staff: Staff, file: StaffFile) -> None:
    """An address stays with whom it is: with an account of another origin, and with those who are
    set aside themselves, and so on."""
    rows = {row.email: row for row in staff.people.values() if row.email}
    addressed = User.objects.filter(email__isnull=False)
    stored = {str(email): hr_id for email, hr_id in addressed.values_list("email", "hr_id")}
    known = {hr_id: email for email, hr_id in stored.items() if hr_id is not None}
    here = User.objects.filter(hr_id__isnull=False, is_to_come=False)
    here_already = set(here.values_list("hr_id", flat=True))
    for email, row in rows.items():
        is_others = email in stored and stored[email] is None
        if is_others and row.hr_id in here_already:
            message = _("Adressen er i bruk på en konto som ikke er fra HR")
            file.set_row_aside(row.line, "epost", message)
            staff.set_person_aside(row.hr_id)
    keeping = [hr_id for hr_id in known if staff.keeps(hr_id) and hr_id not in staff.people]
    while keeping:
        holder = keeping.pop()
        claim = rows.get(known.get(holder, ""))
        if claim and claim.hr_id != holder and claim.hr_id in staff.people:
            message = _("Adressen tilhører noen som har en rad som er satt til side")
            file.set_row_aside(claim.line, "epost", message)
            staff.set_person_aside(claim.hr_id)
            keeping.append(claim.hr_id)
