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
    "Word's other bullets, names": "\uf0d8\tTuva Dahl\n\uf0fc\tJonas Moen",
    "arrows, names": "→ Tuva Dahl\n→ Jonas Moen",
    "mailto with a copy": f"mailto:{TUVA}?cc=jonas.moen%40example.org&subject=Hei",
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
    "names by comma": "Tuva Dahl, Jonas Moen",
    "names by comma, no space": "Tuva Dahl,Jonas Moen",
    "names by tab": "Tuva Dahl\tJonas Moen",
    "names by og": "Tuva Dahl og Jonas Moen",
    "names by and": "Tuva Dahl and Jonas Moen",
    "names by &": "Tuva Dahl & Jonas Moen",
    "names by slash": "Tuva Dahl / Jonas Moen",
    "names by slash, no space": "Tuva Dahl/Jonas Moen",
    "names by a line": "Tuva Dahl | Jonas Moen",
    "names, family first, by comma": "Dahl, Tuva, Moen, Jonas",
    "names, family first, by semicolon": "Dahl, Tuva; Moen, Jonas",
    "names, one of them family first": "Dahl, Tuva; Jonas Moen",
    "names in one cell on two lines": '"Tuva Dahl\nJonas Moen"',
    "names under a heading, by og": "Navn\nTuva Dahl og Jonas Moen",
    "names under a heading, by comma": "Navn\nTuva Dahl, Jonas Moen",
    "an HR number and a name": f"{TUVA_ID}; Jonas Moen",
    "a name with an address, og": f"Tuva Dahl <{TUVA}> og Jonas Moen",
    "a name with an address, slash": f"Tuva Dahl <{TUVA}> / Jonas Moen",
    "a name with an address in brackets": f"Tuva Dahl ({TUVA}), Jonas Moen",
    "two names with addresses in brackets": f"Tuva Dahl ({TUVA}), Jonas Moen ({JONAS})",
    "units and titles beside names": (
        "Tuva Dahl\tHjemmetjenesten nord\tKonsulent\nJonas Moen\tEtat for læring\tLeder"
    ),
    "units and titles nobody has, beside names": (
        "Tuva Dahl\tBydel Nord\tseksjonsleder\nJonas Moen\tAvdeling for lek og lyd\tRådgiver HR"
    ),
    "units and titles by comma": (
        "Tuva Dahl, Konsulent, Hjemmetjenesten nord\nMoen, Jonas, rådgiver, UKE"
    ),
    "answers beside names": "Tuva Dahl\tJa\tIkke svart\nJonas Moen\tNei\tPåmeldt",
    "telephones beside names": "Tuva Dahl\t22 33 44 55\nJonas Moen\t+47 99887766",
    "telephones and titles beside addresses": (
        f"Dahl, Tuva\tLeder\t{TUVA}\t22334455\nJonas Moen\tRektor\t{JONAS}\t02.11.2026"
    ),
    "columns that say something else of each": (
        f"Navn;E-post;Allergi;Svar\nTuva Dahl;{TUVA};Nøtter;Kommer\nJonas Moen;{JONAS};;Ikke svart"
    ),
    "columns of names that are nobody's": (
        "Navn;Enhet;Unit name;Stedsnavn;Leders navn\nTuva Dahl;UKE;Senter for lek;Gamle Torg;"
        "Jonas Moen\nJonas Moen;HEL;Lyd;Nye Torg;Tuva Dahl"
    ),
    "another name than the one they are known by": (
        f"Navn;E-post\nTuva Berntsen;{TUVA}\nJ. Moen;{JONAS}"
    ),
}
"""By what it is, a list that names the two and nobody else."""

OF_ONE_AND_TOLD = {
    "a given name alone": "Tuva Dahl; Jonas",
    "a given name alone, by comma": "Tuva Dahl, Jonas",
    "a given name alone, by og": "Tuva Dahl og Jonas",
    "a given name first": "Jonas, Tuva Dahl",
    "a given name in brackets": "Tuva Dahl (Jonas)",
    "a name in brackets": "Tuva Dahl (Jonas Moen)",
    "a name in small letters": "tuva dahl; jonas",
    "a name nobody has": "Tuva Dahl, Ukjent Person",
    "a name nobody has, by tab": "Tuva Dahl\tUkjent Person",
    "a name nobody has, with a title": "Tuva Dahl; Leder Ukjent Person",
    "a family name alone": "Tuva Dahl / Moen",
    "an HR number nobody has": "Tuva Dahl; H9999",
    "an address and a name, by comma": f"{TUVA}, Jonas Moen",
    "an address and a name, by og": f"{TUVA} og Jonas Moen",
    "an address and a title with a name": f"{TUVA}; Leder Jonas Moen",
    "an address and a name nobody has": f"{TUVA}, Ukjent Person",
    "a name before a colon": f"Jonas Moen: Tuva Dahl <{TUVA}>",
    "a column of partners": f"E-post\tMakker\n{TUVA}\tJonas Moen",
    "a column of partners by given name": f"E-post\tMakker\n{TUVA}\tJonas",
    "a column of deputies": "Navn\tVikar\nTuva Dahl\tJonas Moen",
    "a column of deputies by given name": "Navn\tVikar\nTuva Dahl\tJonas",
    "a column of deputies nobody knows": "Navn\tVikar\nTuva Dahl\tUkjent Person",
    "a column that is not known": f"E-post\tKjører med\n{TUVA}\tJonas Moen",
    "a column without a heading": f"E-post\tNavn\n{TUVA}\tTuva Dahl\tJonas Moen",
    "another's name beside the address": f"E-post\tNavn\n{TUVA}\tJonas Moen",
    "two names beside one address": f"E-post\tNavn\n{TUVA}\tTuva Dahl og Jonas Moen",
    "two names and one address in a cell": f"E-post;Enhet\n{TUVA} og Jonas Moen;UKE",
    "a person above the headings": f"Jonas Moen\nNavn;E-post\nTuva Dahl;{TUVA}",
    "a person among the headings": f"Navn;E-post;Jonas Moen\nTuva Dahl;{TUVA};x",
}
"""By what it is, a list that names Tuva Dahl, and somebody else in a way that is not clear."""

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
