"""The map beside HR's files, with a section for each: `[units]` and `[people]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from common.languages import LANGUAGES
from common.staff_files.file_map import NO_SECTION, FileSection, SectionFormat, read_sections
from people.staff_import.headings import PEOPLE_HEADINGS, UNIT_HEADINGS

MAP_FILE = "import.toml"
READY_MAPS = Path(__file__).parent / "maps"
FORMATS = {
    "units": SectionFormat(
        list(UNIT_HEADINGS),
        values_key="levels",
        values_field="nivå",
        values=["kommune", "virksomhet", "enhet"],
        may_be_by_depth=True,
    ),
    "people": SectionFormat(
        list(PEOPLE_HEADINGS),
        values_key="languages",
        values_field="språk",
        values=list(LANGUAGES),
    ),
}


@dataclass(frozen=True)
class FileMap:
    units: FileSection = NO_SECTION
    people: FileSection = NO_SECTION


AS_TOLD = FileMap()
"""No map: everything is told from the files."""


def find_map(said: str, folder: Path) -> FileMap:
    """Return the map that is said by name or path, else the one beside the files, if there is one.

    Raises StaffFilesRefused for a map that is not there, or that has faults.
    """
    if not said:
        beside = folder / MAP_FILE
        return read_map(beside) if beside.exists() else AS_TOLD
    if said in ready_maps():
        return read_map(READY_MAPS / f"{said}.toml")
    return read_map(Path(said))


def ready_maps() -> list[str]:
    return sorted(path.stem for path in READY_MAPS.glob("*.toml"))


def read_map(path: Path) -> FileMap:
    """Raises StaffFilesRefused with every fault in it."""
    return FileMap(**read_sections(path, FORMATS))
