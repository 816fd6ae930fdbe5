"""The map beside a file of past participation."""

from __future__ import annotations

from pathlib import Path

from attendance.participation_import.words import FORMAT, SECTION
from common.staff_files.file_map import NO_SECTION, FileSection, read_sections

MAP_FILE = "participation.toml"


def find_section(said: str, folder: Path) -> FileSection:
    """Return what the map that is said, else the one beside the file, says of the file.

    Raises StaffFilesRefused for a map that is not there, or that has faults.
    """
    beside = folder / MAP_FILE
    if not said and not beside.exists():
        return NO_SECTION
    path = Path(said) if said else beside
    return read_sections(path, {SECTION: FORMAT}).get(SECTION, NO_SECTION)
