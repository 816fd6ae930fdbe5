"""Files of past participation as learning systems, spreadsheets and people write them.

All of them say the same: `TOLD`, of the people `PEOPLE`, held by the unit `ORGANISER`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.corpora.lists import workbook

ORGANISER, ORGANISER_NAME = "30", "Etat for læring"
PEOPLE = {
    "P1": "liv.dahl@solvik.example",
    "P2": "bjorn.asen@solvik.example",
    "P3": "amelie.ostvik@solvik.example",
}
FIRST, SECOND, THIRD = "Lederens første år", "Kø, frafall – og ê", "Medarbeidersamtalen"

Told = tuple[str, str, dt.date, dt.date, str, int | None]
"""Person, title, first and last day, outcome and minutes."""

TOLD: list[Told] = [
    ("P1", FIRST, dt.date(2019, 3, 4), dt.date(2019, 3, 5), "attended", 450),
    ("P2", FIRST, dt.date(2019, 3, 4), dt.date(2019, 3, 5), "no_show", None),
    ("P2", THIRD, dt.date(2021, 5, 9), dt.date(2021, 5, 9), "excused", None),
    ("P3", SECOND, dt.date(2020, 10, 12), dt.date(2020, 10, 12), "partly", 90),
]
HEADER = ("hr_id", "epost", "kurs", "dato", "til", "resultat", "timer", "arrangør")
WORDS = {
    "attended": "Møtt",
    "no_show": "Ikke møtt",
    "excused": "Gyldig fravær",
    "partly": "Delvis",
}


@dataclass(frozen=True)
class History:
    content: bytes
    name: str = "history.csv"
    map: str = ""
    """The section `[participation]` of the map beside it."""
    options: tuple[str, ...] = ()


def decimal(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes / 60:g}".replace(".", ",")


def clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


def rows(
    *,
    header: Sequence[str] = HEADER,
    day: Callable[[dt.date], Any] = dt.date.isoformat,
    hours: Callable[[int | None], Any] = decimal,
    words: dict[str, str] = WORDS,
    without: Sequence[str] = (),
    organiser: str = ORGANISER,
) -> list[list[Any]]:
    """Return the header and a row of each that is told, without the columns named as in HEADER."""
    found: list[list[Any]] = [list(header)]
    for hr_id, title, first, last, outcome, minutes in TOLD:
        end = day(last) if last != first else ""
        result, long = words[outcome], hours(minutes)
        found.append([hr_id, PEOPLE[hr_id], title, day(first), end, result, long, organiser])
    kept = [place for place, name in enumerate(HEADER) if name not in without]
    return [[row[place] for place in kept] for row in found]


def text(table: list[list[Any]], mark: str = ";", *, end: str = "\n") -> str:
    def cell(value: Any) -> str:
        return f'"{value}"' if mark in str(value) else str(value)

    return "".join(mark.join(map(cell, row)) + end for row in table)


def norwegian(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


LEARNING_SYSTEM = {
    "attended": "Fullført",
    "no_show": "Møtte ikke",
    "excused": "Avmeldt",
    "partly": "Ikke fullført",
}
IN_ENGLISH = {
    "attended": "Completed",
    "no_show": "No-Show",
    "excused": "Cancelled",
    "partly": "Partially attended",
}
ENGLISH_HEADER = (
    "Employee ID",
    "User Email",
    "Course Title",
    "Start Date",
    "End Date",
    "Completion Status",
    "Training Hours",
    "Organizer",
)
TYPED_HEADER = (
    "Ansattnr.",
    "E-post:",
    "Navn på kurs",
    "Kursdato",
    "Siste dag",
    "Oppmøte?",
    "Antall timer",
    "Arrangert av",
)
CODES = {"attended": "10", "no_show": "20", "excused": "30", "partly": "40"}
CODES_MAP = """
[participation.outcomes]
"moett" = 10
ikke_moett = ["20", "21"]
gyldig_fravaer = 30
delvis = "40"
utelatt = ["00", "Venteliste"]
"""
OWN_MAP = """
[participation]
encoding = "cp850"
delimiter = "~"
month_first = true
[participation.columns]
hr_id = "Hvem"
seminar = ["Serie", "Del"]
dato = "Dag"
til = "Dag 2"
resultat = "Kode"
timer = "Lengde"
"""


def mapped() -> bytes:
    table = [["Hvem", "Serie", "Del", "Dag", "Dag 2", "Kode", "Lengde", "Navn"]]
    for hr_id, title, first, last, outcome, minutes in TOLD:
        series, part = title.split(" ", 1) if " " in title else (title, "")
        end = f"{last:%m/%d/%Y}" if last != first else ""
        ours = [hr_id, series, part, f"{first:%m/%d/%Y}", end, WORDS[outcome], decimal(minutes)]
        table.append([*ours, "Noen"])
    return text(table, "~").replace("–", "-").encode("cp850")


def in_words(minutes: int | None) -> str:
    return "" if minutes is None else f"{decimal(minutes)} t"


def in_parts(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60} t {minutes % 60} min"


def no_break(table: list[list[Any]]) -> list[list[Any]]:
    """As text that was copied from a page: no-break spaces within, and more at the ends."""
    head, *others = table
    return [
        head,
        *([f"\u00a0{cell}".replace(" ", "\u00a0") + "\u200b" for cell in r] for r in others),
    ]


def excel(**how: Any) -> list[list[Any]]:
    return rows(day=lambda day: dt.datetime.combine(day, dt.time()), **how)


def sum_of_hours(minutes: int | None) -> Any:
    return "" if minutes is None else dt.timedelta(minutes=minutes)


def time_of_day(minutes: int | None) -> Any:
    return "" if minutes is None else dt.time(minutes // 60, minutes % 60)


MERGED = ["Person", None, "Kurs", None, None, "Deltakelse", None, None]
"""Over the headings, of several columns each: a merged cell holds its text in the first."""
ABOVE: list[list[Any]] = [
    ["Kursoversikt 2019–2021"],
    ["Etat for læring; utskrift 24.11.2026"],
    [],
]

AS_THEY_ARE = {
    "plain": History(text(rows()).encode()),
    "Excel's CSV UTF-8": History(text(rows(day=norwegian), end="\r\n").encode("utf-8-sig")),
    "Excel's CSV in Norway": History(
        text(rows(day=norwegian), end="\r\n").replace("ê", "ê").encode("cp1252")
    ),
    "commas": History(text(rows(), ",").encode()),
    "tabs, UTF-16": History(text(rows(), "\t").encode("utf-16")),
    "an old Mac's lines": History(text(rows(hours=decimal), end="\r").encode()),
    "an old Mac's lines, says its mark": History(
        ("sep=;\r" + text(rows(hours=decimal), end="\r")).encode()
    ),
    "says no mark after all": History(("sep=\r\n" + text(rows(), end="\r\n")).encode()),
    "says its mark": History(("sep=;\n" + text(rows())).encode()),
    "a learning system, in Norwegian": History(
        text(rows(header=TYPED_HEADER, words=LEARNING_SYSTEM, day=norwegian)).encode()
    ),
    "a learning system, in English": History(
        text(rows(header=ENGLISH_HEADER, words=IN_ENGLISH), ",").encode()
    ),
    "by address alone": History(text(rows(without=["hr_id"])).encode()),
    "by number alone": History(text(rows(without=["epost"])).encode()),
    "numbers in small letters": History(text(rows()).replace("\nP", "\np").encode()),
    "addresses in capitals": History(
        text(rows(without=["hr_id"])).replace("solvik.example", "SOLVIK.example").encode()
    ),
    "organiser by name": History(text(rows(organiser="etat for Læring")).encode()),
    "organiser said": History(
        text(rows(without=["arrangør"])).encode(), options=("--organiser", ORGANISER)
    ),
    "hours as a clock": History(text(rows(hours=clock)).encode()),
    "hours with their unit": History(text(rows(hours=in_words)).encode()),
    "hours and minutes": History(text(rows(hours=in_parts)).encode()),
    "days as a spreadsheet counts them": History(
        text(rows(day=lambda day: str((day - dt.date(1899, 12, 30)).days))).encode()
    ),
    "days in two digits": History(text(rows(day=lambda day: f"{day:%d.%m.%y}")).encode()),
    "days with an hour": History(text(rows(day=lambda day: f"{day} 08:30:00")).encode()),
    "title lines above": History(
        ("Kursoversikt 2019–2021;;\nUtskrift 24.11.2026;;\n;;\n" + text(rows())).encode()
    ),
    "no-break spaces": History(text(no_break(rows())).encode()),
    "header once more, and empty rows": History(
        (text(rows()[:3]) + ";;;;;;;\n" + text([rows()[0], *rows()[3:]])).encode()
    ),
    "a row twice": History((text(rows()) + text(rows()[1:3])).encode()),
    "workbook": History(workbook(excel(hours=time_of_day)), "history.xlsx"),
    "workbook with hours that are summed up": History(
        workbook(excel(hours=sum_of_hours)), "history.xlsx"
    ),
    "workbook with titles and merged headings": History(
        workbook([*ABOVE, MERGED, *excel()]), "history.xlsx"
    ),
    "codes, and rows that are left out": History(
        (
            text(rows(words=CODES))
            + f"P9;;{FIRST};2019-03-04;;00;;{ORGANISER}\n"
            + f"P1;;{THIRD};2021-05-09;;venteliste;;{ORGANISER}\n"
        ).encode(),
        map=CODES_MAP,
    ),
    "composed letters": History(text(rows()).replace("ø", "ø").replace("ê", "e\u0302").encode()),
}
MAPPED = History(mapped(), map=OWN_MAP, options=("--organiser", ORGANISER))
"""Without «–», which its encoding does not have."""


@dataclass(frozen=True)
class FaultyRow:
    row: str
    told: str
    """Column and message; never the value."""


def faulty(told: str, **cells: str) -> FaultyRow:
    good = {"hr_id": "P1", "epost": "", "kurs": "Nytt", "dato": "2019-01-01", "resultat": "Møtt"}
    values = {"til": "", "timer": "", "arrangør": ORGANISER} | good | cells
    return FaultyRow(";".join(values[name] for name in HEADER), told)


FAULTY = {
    "future": faulty("kolonne «dato»: En dag som ikke har vært", dato="2030-01-01"),
    "ends in the future": faulty("kolonne «til»: En dag som ikke har vært", til="2030-01-01"),
    "ends before": faulty("kolonne «til»: Slutter før den begynner", til="2018-01-01"),
    "no such day": faulty("kolonne «dato»: Datoen finnes ikke", dato="31.02.2019"),
    "no day": faulty("kolonne «dato»: Feltet er tomt", dato=""),
    "a day of nought": faulty("kolonne «dato»: Ingen dag", dato="00.00.0000"),
    "too narrow a column": faulty("kolonne «dato»: En feil fra et regneark", dato="########"),
    "a spreadsheet's first day": faulty("kolonne «dato»: En dag før 1970", dato="01.01.1900"),
    "a month": faulty("kolonne «dato»: Ikke en dato, men tekst på 6 tegn", dato="mar.19"),
    "unknown word": faulty(
        "kolonne «resultat»: Ukjent resultat: tekst på 6 tegn", resultat="Kanskj"
    ),
    "no word": faulty("kolonne «resultat»: Feltet er tomt", resultat=""),
    "negative hours": faulty("kolonne «timer»: Færre timer enn ingen", timer="-1,5"),
    "more than a day": faulty("kolonne «timer»: Flere timer enn dagene har", timer="25"),
    "more than two days": faulty(
        "kolonne «timer»: Flere timer enn dagene har", timer="48,5", til="2019-01-02"
    ),
    "hours that became a day": faulty("kolonne «timer»: Ikke timer, men dato", timer="01.05.2026"),
    "no title": faulty("kolonne «kurs»: Feltet er tomt", kurs=""),
    "nobody": faulty("kolonne «hr_id»: Verken HR-nummer eller e-postadresse", hr_id=""),
    "no address": faulty(
        "kolonne «epost»: Ikke en e-postadresse, men tekst på 8 tegn", hr_id="", epost="Liv Dahl"
    ),
    "identity number": faulty(
        "kolonne «hr_id»: Et fødselsnummer. De hører ikke hjemme her.", hr_id="13097248022"
    ),
    "identity number as a title": faulty(
        "kolonne «kurs»: Et fødselsnummer. De hører ikke hjemme her.", kurs="130972 48022"
    ),
    "unknown organiser": faulty(
        "kolonne «arrangør»: Ukjent enhet (tekst på 4 tegn)", **{"arrangør": "Noen"}
    ),
    "no organiser": faulty("kolonne «arrangør»: Ingen arrangør", **{"arrangør": ""}),
    "two people": faulty(
        "kolonne «hr_id»: HR-nummeret og e-postadressen er to personers", epost=PEOPLE["P2"]
    ),
    "lost letters": faulty(
        "kolonne «kurs»: Bokstaver er gått tapt. Hent filen på nytt fra HR-systemet.", kurs="F?rste"
    ),
}
UNKNOWN = {
    "nobody's number": faulty("kolonne «hr_id»: Ukjent person (tekst på 5 tegn)", hr_id="Q1234"),
    "nobody's address": faulty(
        "kolonne «epost»: Ukjent person (tekst med @ på 19 tegn)",
        hr_id="",
        epost="noen@ukjent.example",
    ),
    "a number of nobody, and the address of somebody": faulty(
        "kolonne «hr_id»: Ukjent person (tekst på 5 tegn)", hr_id="Q1234", epost=PEOPLE["P2"]
    ),
    "somebody who has left": faulty(
        "kolonne «hr_id»: En person som har sluttet (tekst på 2 tegn)", hr_id="P8"
    ),
}
