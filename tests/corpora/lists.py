"""Lists of people as they are pasted and saved, and whom each of them names.

Two people are in all of them: Tuva Dahl with `TUVA` and Jonas Moen with `JONAS`, and the HR
numbers of both.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

TUVA, JONAS = "tuva.dahl@example.org", "jonas.moen@example.org"
TUVA_ID, JONAS_ID = "H7001", "H7002"
NAMES = {TUVA: "Tuva Dahl", JONAS: "Jonas Moen"}

OF_BOTH = {
    "one a line": f"{TUVA}\n{JONAS}",
    "Windows' line breaks": f"{TUVA}\r\n{JONAS}\r\n",
    "Outlook on one line": f"Dahl, Tuva <{TUVA}>; Moen, Jonas <{JONAS}>",
    "Outlook with a semicolon at the end": f"Dahl, Tuva <{TUVA}>; Moen, Jonas <{JONAS}>;",
    "Outlook with an agency in brackets": f"Dahl, Tuva (UKE) <{TUVA}>; Moen, Jonas (HEL) <{JONAS}>",
    "Outlook in quotes": f"'Tuva Dahl' <'{TUVA}'>; '{JONAS}'",
    "Gmail": f"Tuva Dahl <{TUVA}>, Jonas Moen <{JONAS}>",
    "RFC 5322 with quoted names": f'"Dahl, Tuva" <{TUVA}>, "Moen, Jonas" <{JONAS}>',
    "RFC 5322 group": f"Ledere: Tuva Dahl <{TUVA}>, {JONAS};",
    "a header of a letter": f"To: Tuva Dahl <{TUVA}>,\n\tJonas Moen <{JONAS}>",
    "only commas": f"{TUVA}, {JONAS}",
    "only commas, none after": f"{TUVA},{JONAS},",
    "only semicolons": f"{TUVA};{JONAS};",
    "only spaces": f"{TUVA} {JONAS}",
    "mailto": f"mailto:{TUVA}\nmailto:jonas.moen%40example.org?subject=Hei",
    "mailto with two": f"<mailto:{TUVA},{JONAS}>",
    "markdown": f"- [Tuva](mailto:{TUVA})\n- [Jonas](mailto:{JONAS})",
    "numbered": f"1. {TUVA}\n2) {JONAS}",
    "bullets": f"• {TUVA}\n• {JONAS}",
    "capitals": f"{TUVA.upper()}\n{JONAS.upper()}",
    "no-break spaces and zero widths": f"\u00a0{TUVA}\u200b\n\ufeff{JONAS}\u00a0",
    "Excel, name first": f"Tuva Dahl\t{TUVA}\nJonas Moen\t{JONAS}",
    "Excel, address fifth": f"1\tDahl\tTuva\tUKE\t{TUVA}\n2\tMoen\tJonas\tHEL\t{JONAS}",
    "Excel with headings": f"Navn\tE-post\nTuva Dahl\t{TUVA}\nJonas Moen\t{JONAS}",
    "Excel with empty columns": f"\t\t{TUVA}\t\n\t\t{JONAS}\t",
    "CSV, address second": f"Navn;E-post\nTuva Dahl;{TUVA}\nJonas Moen;{JONAS}",
    "CSV that says its mark": f"sep=;\nNavn;E-post\nTuva Dahl;{TUVA}\nJonas Moen;{JONAS}",
    "CSV that says another mark": f"sep=|\nNavn|E-post\nTuva Dahl|{TUVA}\nJonas Moen|{JONAS}",
    "CSV with commas": f'Name,Email\n"Dahl, Tuva",{TUVA}\n"Moen, Jonas",{JONAS}',
    "CSV with a break in a cell": f'Navn;E-post\n"Tuva\nDahl";{TUVA}\n"Jonas Moen";"{JONAS}"',
    "CSV under a title": f"Deltakere høsten 2026;\n;\nNavn;E-post\nTuva Dahl;{TUVA}\nJonas;{JONAS}",
    "their leaders' addresses beside": (
        f"Leders e-post;E-post;Navn\nsjef@example.org;{TUVA};Tuva\nsjef@example.org;{JONAS};Jonas"
    ),
    "pretix": (
        "Order code,E-mail,Position ID,Attendee name,Attendee email,Status\n"
        f"A1B2C,bestiller@example.org,1,Tuva Dahl,{TUVA},Paid\n"
        f"A1B2C,bestiller@example.org,2,Jonas Moen,{JONAS},Paid"
    ),
    "Indico": (
        "ID,Name,Email Address,Affiliation,Position\n"
        f"1,Tuva Dahl,{TUVA},UKE,\n2,Jonas Moen,{JONAS},,"
    ),
    "Teams": (
        "Full Name\tFirst Join\tEmail\tRole\n"
        f"Tuva Dahl\t11/2/2026, 9:00\t{TUVA}\tPresenter\nJonas Moen\t11/2/2026\t{JONAS}\tAttendee"
    ),
    "Forms": f"ID;Starttidspunkt;E-post;Navn\n1;02.11.2026;{TUVA};Tuva\n2;02.11.2026;{JONAS};Jonas",
    "HR numbers": f"{TUVA_ID}\n{JONAS_ID}",
    "HR numbers on one line": f"{TUVA_ID}, {JONAS_ID}",
    "HR numbers with names": f"{TUVA_ID};Tuva\n{JONAS_ID};Jonas",
    "HR numbers under a heading": f"Navn;Ansattnummer\nT. Dahl;{TUVA_ID}\nJ. Moen;{JONAS_ID}",
    "names": "Tuva Dahl\nJonas Moen",
    "names, family first": "Dahl, Tuva\nMoen, Jonas",
    "names on one line": "Tuva Dahl; Jonas Moen",
    "names in two columns": "Fornavn;Etternavn;Enhet\nTuva;Dahl;UKE\nJonas;Moen;HEL",
    "names in capitals": "TUVA DAHL\nJONAS MOEN",
    "names numbered, with agencies": "1. Tuva Dahl (UKE)\n2. Jonas Moen (HEL)",
    "a mixture": f"Dahl, Tuva <{TUVA}>; Jonas Moen",
    "a mixture of lines": f"Tuva Dahl\n{JONAS_ID}",
    "a slash between": f"{TUVA}/{JONAS}",
    "slashes with spaces": f"{TUVA} / {JONAS}",
    "copied to": "Til: Tuva Dahl\nKopi: Jonas Moen",
    "copied to, with an address": f"Til: {TUVA}\nKopi: Moen, Jonas",
    "what each is": f"Deltaker 1: Tuva Dahl <{TUVA}>\n2. Leder: Jonas Moen",
    "under who they are": "Til:\nTuva Dahl\nKopi:\nJonas Moen",
    "an odd quote": f'"Tuva Dahl <{TUVA}>\n{JONAS}',
}
"""By what it is, a list that names the two and nobody else."""

NOT_A_LIST = {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\x00",
    "PNG": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "NUL": b"liv\x00@example.org",
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "only the start of a ZIP": b"PK\x03\x04" + bytes(60),
    "not even UTF-16": b"\xff\xfea",
    "lone surrogates": b"\xff\xfe\x00\xd8\x00\xd8",
    "undefined in cp1252": b"liv@example.org \x81\x8d\x8f",
}
"""By what it is, an upload that is no list, or that cannot be read."""


def workbook(*sheets: Iterable[Sequence[Any]]) -> bytes:
    """Return an XLSX with these rows in its sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
