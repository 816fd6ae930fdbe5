"""Staff files as HR systems, spreadsheets and people send them, and what must become of each.

All of them are of one small municipality: the units `UNITS` and the people `PEOPLE`, who are in
`WHOLE` as the file without damage has them.
"""

from __future__ import annotations

from dataclasses import dataclass

UNIT_HEADER = "hr_id;navn;nivå;over"
UNITS = (
    "1;Solvik kommune;kommune;",
    "20;Bydel Fjordbyen;virksomhet;1",
    "201;Hjemmetjenesten nord;enhet;20",
    "202;Hjemmetjenesten sør;enhet;20",
)
PEOPLE_HEADER = "hr_id;navn;epost;enhet;stilling;leder;fra;til"
PEOPLE = (
    "P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;ja;01.03.2024;",
    "P2;Bjørn Åsen;bjorn@solvik.example;201;Helsefagarbeider;nei;01.05.2019;",
    "P3;Olav Aas;olav@solvik.example;202;Seksjonsleder;ja;15.08.2021;",
    "P4;Kari Vik;kari@solvik.example;202;Vikar;nei;01.01.2026;30.06.2030",
)
EVERYBODY = frozenset({"P1", "P2", "P3", "P4"})


@dataclass(frozen=True)
class Damage:
    """What happens on the way, and what must come of it when everybody is known from before."""

    people: bytes
    set_aside: frozenset[str] = frozenset()
    """Whose rows are set aside; nothing of theirs changes."""
    lines: int = 0
    """How many lines are told of."""
    refused: str = ""
    """What the refusal says where nothing is imported."""
    reads_as: str = ""
    """What the first line says of how the file was read."""


def _file(*rows: str, header: str = PEOPLE_HEADER, encoding: str = "utf-8") -> bytes:
    return "".join(f"{row}\n" for row in (header, *rows)).encode(encoding)


def _with(number: int, row: str) -> bytes:
    """The whole file, but for one row."""
    return _file(*PEOPLE[:number], row, *PEOPLE[number + 1 :])


def _without_column(name: str) -> bytes:
    at = PEOPLE_HEADER.split(";").index(name)
    rows = [row.split(";") for row in (PEOPLE_HEADER, *PEOPLE)]
    header, *others = (";".join([*row[:at], *row[at + 1 :]]) for row in rows)
    return _file(*others, header=header)


def _renamed(before: str, after: str) -> bytes:
    return _file(*PEOPLE, header=PEOPLE_HEADER.replace(before, after))


WHOLE = _file(*PEOPLE)
WITHOUT_AN_ADDRESS = _with(1, "P2;Bjørn Åsen;;201;Helsefagarbeider;nei;01.05.2019;")
"""No damage: HR has none for many."""
DAMAGED: dict[str, Damage] = {
    # Of the file as a whole.
    "no column of leaders": Damage(_without_column("leder"), refused="1 feil"),
    "heading «Leder?»": Damage(_renamed("leder", "Leder?")),
    "heading «Leder (j/n)»": Damage(_renamed("leder", "Leder (j/n)")),
    "heading of leaders that nobody knows": Damage(_renamed("leder", "Funksjon"), refused="1 feil"),
    "no column of addresses": Damage(_without_column("epost"), refused="1 feil"),
    "no column of units": Damage(_without_column("enhet"), refused="1 feil"),
    "no header": Damage("\n".join(PEOPLE).encode(), refused="feil"),
    "a column twice": Damage(_renamed("stilling", "navn"), refused="feil"),
    "empty": Damage(b"", refused="1 feil"),
    "only a mark": Damage(b"\xef\xbb\xbf", refused="1 feil"),
    "header alone": Damage(_file(), refused="1 feil"),
    "NUL within": Damage(WHOLE.replace(b"Liv", b"L\0v"), refused="1 feil"),
    "PDF": Damage(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\x00", refused="1 feil"),
    "old Excel": Damage(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), refused="1 feil"),
    "start of a ZIP": Damage(b"PK\x03\x04" + bytes(60), refused="1 feil"),
    "UTF-16 cut in a letter": Damage(WHOLE.decode().encode("utf-16")[:-1], refused="1 feil"),
    # Of how it is written.
    "sep=": Damage(b"sep=;\r\n" + WHOLE),
    "tabs": Damage(WHOLE.replace(b";", b"\t"), reads_as="UTF-8, skilletegn tabulator"),
    "commas": Damage(WHOLE.replace(b";", b","), reads_as="UTF-8, skilletegn «,»"),
    "UTF-8 with its mark": Damage(b"\xef\xbb\xbf" + WHOLE, reads_as="UTF-8, skilletegn «;»"),
    "UTF-16": Damage(WHOLE.decode().encode("utf-16"), reads_as="UTF-16, skilletegn «;»"),
    "Windows' letters": Damage(WHOLE.decode().encode("cp1252"), reads_as="Windows-1252"),
    "empty header cells": Damage(
        _file(*(f"{row};;" for row in PEOPLE), header=f"{PEOPLE_HEADER};;")
    ),
    "rows of spaces": Damage(_file(*PEOPLE[:2], "; ; ;\u00a0;;;;", "   ", *PEOPLE[2:])),
    "rows of delimiters": Damage(_file(*PEOPLE, ";;;;;;;", ";;;;;;;")),
    "a title above": Damage(b"Ansatte per 24.11.2026\n\n" + WHOLE),
    "the header on every page": Damage(_file(*PEOPLE[:2], PEOPLE_HEADER, *PEOPLE[2:])),
    "empty cells at the end left out": Damage(_file(*(row.rstrip(";") for row in PEOPLE))),
    "everything in quotes": Damage(_file(*('"' + row.replace(";", '";"') + '"' for row in PEOPLE))),
    "open end in all rows": Damage(
        _file(*(row + "31.12.9999" if row.endswith(";") else row for row in PEOPLE))
    ),
    "open end in two digits": Damage(
        _file(*(row + "31.12.99" if row.endswith(";") else row for row in PEOPLE))
    ),
    "the same position twice": Damage(_file(*PEOPLE, PEOPLE[1])),
    # Of single rows.
    "break within a cell": Damage(_with(0, PEOPLE[0].replace("Liv Dahl", '"Liv\nDahl"'))),
    "break within a cell without quotes": Damage(
        _with(1, PEOPLE[1].replace("Bjørn Åsen", "Bjørn\nÅsen")), frozenset({"P2", "Åsen"}), 2
    ),
    "a name read in the wrong letters": Damage(
        _with(1, PEOPLE[1].replace("Bjørn", "BjÃ¸rn")), frozenset({"P2"}), 1
    ),
    "one letter lost": Damage(_with(1, PEOPLE[1].replace("ø", "?", 1)), frozenset({"P2"}), 1),
    "one byte damaged": Damage(
        WHOLE.replace("ø".encode(), b"\xf8", 1), frozenset({"P2"}), 1, reads_as="UTF-8"
    ),
    "an error of a spreadsheet": Damage(
        _with(2, PEOPLE[2].replace("Olav Aas", "#N/A")), frozenset({"P3"}), 1
    ),
    "a number cut short": Damage(_with(3, PEOPLE[3].replace("P4", "1,23457E+11")), EVERYBODY, 1),
    "an id that is empty": Damage(_with(3, PEOPLE[3].replace("P4", "")), EVERYBODY, 1),
    "a national identity number for an id": Damage(
        _with(3, PEOPLE[3].replace("P4", "01819010001")), EVERYBODY, 1
    ),
    "a national identity number for a title": Damage(
        _with(3, PEOPLE[3].replace("Vikar", "018190 10001")), frozenset({"P4"}), 1
    ),
    "a delimiter within a name": Damage(
        _with(3, PEOPLE[3].replace("Kari Vik", "Vik;Kari")), EVERYBODY, 1
    ),
    "a quotation mark that opens and none that closes": Damage(
        _with(3, PEOPLE[3].replace("Kari Vik", '"Kari Vik')), EVERYBODY, 1
    ),
    "the last line cut": Damage(WHOLE[:-30], EVERYBODY, 1),
    "a date that is none": Damage(
        _with(3, PEOPLE[3].replace("30.06.2030", "31.06.2030")), frozenset({"P4"}), 1
    ),
    "an end before its beginning": Damage(
        _with(3, PEOPLE[3].replace("30.06.2030", "30.06.2020")), frozenset({"P4"}), 1
    ),
    "a unit that is unknown": Damage(
        _with(2, PEOPLE[2].replace(";202;", ";999;")), frozenset({"P3"}), 1
    ),
    "two names of one id": Damage(
        _file(*PEOPLE, "P1;Even Moen;even@solvik.example;202;Vikar;nei;;"), frozenset({"P1"}), 1
    ),
    "one address of two": Damage(
        _with(3, PEOPLE[3].replace("kari@", "olav@")), frozenset({"P3", "P4"}), 2
    ),
    "invisible signs in an address": Damage(
        _with(0, PEOPLE[0].replace("liv@sol", "liv@\u200bsol\u00ad"))
    ),
    "invisible signs in an id": Damage(_with(0, PEOPLE[0].replace("P1", "\ufeffP1\u200b"))),
    "no-break space in an id": Damage(_with(0, PEOPLE[0].replace("P1", "P1\u00a0"))),
    "NFD": Damage(_with(1, PEOPLE[1].replace("Å", "A\u030a"))),
    "an unknown answer": Damage(
        _with(1, PEOPLE[1].replace(";nei;", ";kanskje;")), frozenset({"P2"}), 1
    ),
    "a total below": Damage(_file(*PEOPLE, "Antall;4;;;;;;"), frozenset({"Antall"}), 1),
}
"""By what happened to it, a file of people."""
