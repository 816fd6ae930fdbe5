"""Staff files for tests: a header, and lines as one would type them."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from itertools import takewhile
from pathlib import Path

from django.core.management import CommandError, call_command

UNIT_HEADER = "hr_id;navn;nivå;over;nivånavn;kortnavn;fra;til;etterfølgere"
PEOPLE_HEADER = "hr_id;navn;epost;enhet;stilling;leder;språk;fra;til"

UNITS = [
    "1;Solvik kommune;kommune;",
    "20;Bydel Fjordbyen;virksomhet;1;bydel;BFJ;2020-01-01",
    "201;Hjemmetjenesten nord;enhet;20;seksjon",
    "202;Hjemmetjenesten sør;enhet;20;seksjon",
    "30;Etat for læring;virksomhet;1;etat",
]
PEOPLE = [
    "P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;ja;nb;01.03.2024",
    "P2;Even Moen;even@solvik.example;201;Helsefagarbeider;nei;en",
    "P2;Even Moen;even@solvik.example;30;Kursholder;;en;;2030-06-30",
    "P3;Olav Aas;olav@solvik.example;30;Direktør;x",
]


class StaffFolder:
    """Where HR's files lie; `write` what differs, then `run` or `refuse`."""

    def __init__(self, path: Path, on: dt.date) -> None:
        self.units = path / "units.csv"
        self.people = path / "people.csv"
        self.on = on
        self.read_as: list[str] = []
        """What the last run said of how it read the files."""
        self.write(UNITS, PEOPLE)

    def write(self, units: list[str] | None = None, people: list[str] | None = None) -> None:
        if units is not None:
            self.units.write_text(lines(UNIT_HEADER, units), encoding="utf-8")
        if people is not None:
            self.people.write_text(lines(PEOPLE_HEADER, people), encoding="utf-8")

    def run(
        self, *options: str, on: dt.date | None = None, today: dt.date | None = None
    ) -> list[str]:
        """What it says of the changes, a line each; fails if a row was set aside.

        Today is the day that the files are of, unless it is said.
        """
        out, errors, _refusal = self._call(*options, on=on, today=today)
        assert errors == []
        return out

    def run_and_set_aside(self, *options: str, on: dt.date | None = None) -> list[str]:
        """What it tells of the rows that it set aside; fails if there were none."""
        out, errors, _refusal = self._call(*options, on=on)
        lines = {error.split(",")[1] for error in errors}
        assert out[0] == f"Rader satt til side: {len(lines)}"
        return errors

    def run_whatever(self, *options: str, on: dt.date) -> None:
        """Fails if it is refused; rows may be set aside."""
        self._call(*options, on=on)

    def refuse(self, *options: str) -> list[str]:
        """The faults it reports; fails if it imports."""
        out, errors, refusal = self._call(*options, on=None, is_refused=True)
        assert out == []
        assert refusal.endswith("Ingenting er importert.")
        assert refusal.startswith(f"{len(errors)} feil")
        return errors

    def stop(self, *options: str, on: dt.date | None = None) -> str:
        """Why it stops although the files have no fault; fails if it imports."""
        out, errors, refusal = self._call(*options, on=on, is_refused=True)
        assert (out, errors) == ([], [])
        return refusal

    def stop_and_set_aside(self) -> str:
        """Why it stops for all the rows that it would set aside; fails if it imports."""
        out, errors, refusal = self._call(on=None, is_refused=True)
        assert out == []
        assert errors
        return refusal

    def run_unchecked(self) -> None:
        """The command as it is, with whatever it raises."""
        call_command("import_staff", "--units", str(self.units), "--people", str(self.people))

    def _call(
        self,
        *options: str,
        on: dt.date | None,
        today: dt.date | None = None,
        is_refused: bool = False,
    ) -> tuple[list[str], list[str], str]:
        out, err, refusal = StringIO(), StringIO(), ""
        files = ["--units", str(self.units), "--people", str(self.people)]
        on = on or self.on
        days = {"on": on, "today": today or on}
        try:
            call_command("import_staff", *files, *options, **days, stdout=out, stderr=err)
        except CommandError as error:
            if not is_refused:
                raise AssertionError(f"{error}\n{err.getvalue()}") from error
            refusal = str(error)
        else:
            assert not is_refused, "it was imported"
        said = out.getvalue().splitlines()
        self.read_as = list(takewhile(self._is_of_reading, said))
        return said[len(self.read_as) :], err.getvalue().splitlines(), refusal

    def _is_of_reading(self, line: str) -> bool:
        """What was read as what stands first."""
        names = (f"{self.units.name}: ", f"{self.people.name}: ", "  ")
        return line.startswith(names)


def lines(header: str, rows: list[str]) -> str:
    """Short rows are filled up: the tests name what they are about."""
    width = header.count(";")
    filled = [row + ";" * (width - row.count(";")) for row in rows]
    return "\n".join([header, *filled]) + "\n"
