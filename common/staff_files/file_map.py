"""The map beside staff files, which says how a system writes them.

A section for each file in TOML. What a section leaves out is told from the file itself.
"""

from __future__ import annotations

import codecs
import datetime as dt
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from common.staff_files.cells import read_day
from common.staff_files.faults import StaffFileFault, StaffFilesRefused

BY_DEPTH = "depth"


@dataclass(frozen=True)
class FileSection:
    """How one file is written; what is empty is told from the file."""

    map_name: str = ""
    name: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    """By field, the headings of its columns: several are put together, as first and last name."""
    is_month_first: bool = False
    no_end: frozenset[dt.date] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field, what the file writes for each value of ours."""
    are_levels_by_depth: bool = False

    def fault(self, key: str, message: str) -> StaffFileFault:
        return StaffFileFault(self.map_name, 0, "", message, key=f"{self.name}.{key}")


NO_SECTION = FileSection()
"""Everything is told from the file."""


@dataclass(frozen=True)
class SectionFormat:
    """What a section may say of its file, beside what is said of any."""

    fields: Sequence[str]
    values_key: str
    """The key under which the section says what the file writes for each value of ours."""
    values_field: str
    values: Sequence[str]
    may_be_by_depth: bool = False


def read_sections(path: Path, formats: Mapping[str, SectionFormat]) -> dict[str, FileSection]:
    """Return the sections of a map by name. Raises StaffFilesRefused with every fault in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise StaffFilesRefused([_map_fault(path, _("Kartet kan ikke leses"))]) from None
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        message = _("Kartet er ikke gyldig TOML: %(error)s") % {"error": error}
        raise StaffFilesRefused([_map_fault(path, message)]) from error
    faults: list[StaffFileFault] = []
    sections: dict[str, FileSection] = {}
    for name, section in content.items():
        if name not in formats:
            known = ", ".join(formats)
            message = _("Ukjent nøkkel. Kjente er: %(known)s") % {"known": known}
            faults.append(_map_fault(path, message, key=name))
        elif not isinstance(section, dict):
            faults.append(_map_fault(path, _("Skal være en tabell"), key=name))
        else:
            sections[name] = _SectionReader(path.name, name, formats[name], faults).read(section)
    if faults:
        raise StaffFilesRefused(faults)
    return sections


def _map_fault(path: Path, message: str, *, key: str = "") -> StaffFileFault:
    return StaffFileFault(path.name, 0, "", message, key=key)


class _SectionReader:
    """Reads one section; what is wrong in it gathers in `faults`."""

    def __init__(
        self, map_name: str, name: str, known: SectionFormat, faults: list[StaffFileFault]
    ) -> None:
        self._map_name = map_name
        self._name = name
        self._format = known
        self._faults = faults
        self._keys: dict[str, Callable[[str, Any], dict[str, Any]]] = {
            "encoding": self._encoding,
            "delimiter": self._delimiter,
            "columns": self._columns,
            "month_first": self._month_first,
            "no_end": self._no_end,
            "yes": self._words,
            "no": self._words,
            known.values_key: self._values,
        }

    def read(self, section: dict[str, Any]) -> FileSection:
        values: dict[str, Any] = {}
        for key, value in section.items():
            if read := self._keys.get(key):
                values |= read(key, value)
            else:
                known = ", ".join(self._keys)
                self._fault(key, _("Ukjent nøkkel. Kjente er: %(known)s") % {"known": known})
        return FileSection(self._map_name, self._name, **values)

    def _fault(self, key: str, message: str) -> dict[str, Any]:
        self._faults.append(
            StaffFileFault(self._map_name, 0, "", message, key=f"{self._name}.{key}")
        )
        return {}

    def _encoding(self, key: str, value: Any) -> dict[str, Any]:
        try:
            "å".encode(value)
        except (LookupError, TypeError, UnicodeError):
            return self._fault(key, _("Ukjent tegnsett"))
        return {"encoding": codecs.lookup(value).name}

    def _delimiter(self, key: str, value: Any) -> dict[str, Any]:
        if isinstance(value, str) and len(value) == 1 and value not in '"\r\n':
            return {"delimiter": value}
        return self._fault(key, _("Skal være ett tegn"))

    def _columns(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            return self._fault(key, _("Skal være en tabell"))
        columns: dict[str, list[str]] = {}
        for name, headings in value.items():
            field_name = _field(name, self._format.fields)
            if not field_name:
                known = ", ".join(self._format.fields)
                message = _("Ukjent felt. Kjente er: %(known)s") % {"known": known}
                self._fault(f"{key}.{name}", message)
            elif words := _strings(headings):
                columns[field_name] = words
            else:
                self._fault(f"{key}.{name}", _("Skal være en overskrift, eller flere"))
        return {"columns": columns}

    def _month_first(self, key: str, value: Any) -> dict[str, Any]:
        if isinstance(value, bool):
            return {"is_month_first": value}
        return self._fault(key, _("Skal være true eller false"))

    def _no_end(self, key: str, value: Any) -> dict[str, Any]:
        values = value if isinstance(value, list) else [value]
        days = [one if type(one) is dt.date else read_day(str(one))[0] for one in values]
        if not days or None in days:
            return self._fault(key, _("Skal være en dato, eller flere"))
        return {"no_end": frozenset(days)}

    def _words(self, key: str, value: Any) -> dict[str, Any]:
        if words := _strings(value):
            return {key: frozenset(word.casefold() for word in words)}
        return self._fault(key, _("Skal være et ord, eller flere"))

    def _values(self, key: str, value: Any) -> dict[str, Any]:
        if value == BY_DEPTH and self._format.may_be_by_depth:
            return {"are_levels_by_depth": True}
        ours = self._format.values
        if not isinstance(value, dict):
            return self._fault(key, _("Skal være en tabell"))
        written: dict[str, str] = {}
        for name, theirs in value.items():
            our_name = _field(name, ours)
            if not our_name:
                message = _("Ukjent nøkkel. Kjente er: %(known)s") % {"known": ", ".join(ours)}
                self._fault(f"{key}.{name}", message)
            elif words := _strings(theirs):
                written |= {word.casefold(): our_name for word in words}
            else:
                self._fault(f"{key}.{name}", _("Skal være et ord, eller flere"))
        return {"values": {self._format.values_field: written}}


def _field(name: str, known: Sequence[str]) -> str:
    """TOML's plain keys have no letters beyond a–z: «nivaa» is «nivå», as in addresses."""
    return next((one for one in known if name in (one, _plain(one))), "")


def _plain(name: str) -> str:
    return name.replace("å", "aa").replace("æ", "ae").replace("ø", "oe")


def _strings(value: Any) -> list[str]:
    """Return the words of one or several; nothing if any is none. Numbers may be codes."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int) or one == "" for one in values):
        return []
    return [str(one) for one in values]
