"""The same staff, however a file of it is written, is read as the same rows."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import asdict
from pathlib import Path

import pytest

from common.staff_files import cells
from common.staff_files.faults import StaffFilesRefused
from people.models import Leadership, Position, Unit, User
from people.staff_import.file_map import AS_TOLD, FileMap, find_map, read_map, ready_maps
from people.staff_import.files import StaffFiles, read_files
from people.staff_import.headings import PEOPLE_HEADINGS, UNIT_HEADINGS
from people.staff_import.import_day import ImportDay
from tests.corpora.lists import workbook
from tests.people.staff_files import StaffFolder

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)

UNIT_FIELDS = ["hr_id", "navn", "nivå", "over", "fra", "til"]
UNITS: list[list[str | dt.date]] = [
    ["1", "Solvik kommune", "kommune", "", dt.date(2020, 1, 1), ""],
    ["20", "Bydel «Fjordbyen», øst", "virksomhet", "1", dt.date(2020, 1, 1), ""],
    ["201", "Hjemmetjenesten", "enhet", "20", dt.date(1998, 8, 15), dt.date(2030, 12, 31)],
]
PEOPLE_FIELDS = ["hr_id", "navn", "epost", "enhet", "stilling", "leder", "fra", "til"]
PEOPLE: list[list[str | dt.date]] = [
    ["P1", "Liv Dahl", "liv@solvik.example", "201", "Seksjonsleder", "ja", dt.date(2024, 3, 1), ""],
    ["P2", "Bjørn Åsen", "b@solvik.example", "201", "Pleier; natt", "", dt.date(1987, 5, 9), ""],
    ["P3", "Ærlig, Øyvind", "o@solvik.example", "20", "Vikar, 2", "nei", "", dt.date(2029, 6, 30)],
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
DELIMITERS = [";", ",", "\t", "|"]
DAYS = {
    cells.ISO: lambda day: day.isoformat(),
    "with an hour": lambda day: f"{day.isoformat()} 00:00:00",
    "with a T": lambda day: f"{day.isoformat()}T00:00:00.000Z",
    cells.WRITTEN: lambda day: f"{day:%d.%m.%Y}",
    "short days": lambda day: f"{day.day}.{day.month}.{day.year}",
    "slashes": lambda day: f"{day:%d/%m/%Y}",
    cells.SHORT: lambda day: f"{day:%d.%m.%y}",
    "short in all": lambda day: f"{day.day}.{day.month}.{day:%y}",
    cells.COMPACT: lambda day: f"{day:%Y%m%d}",
    cells.SERIAL: lambda day: str((day - cells.SERIAL_BEGIN).days),
}


def cell(value: str | dt.date, style: str) -> str:
    return value if isinstance(value, str) else DAYS[style](value)


def quoted(value: str, mark: str) -> str:
    return f'"{value}"' if mark in value else value


def text(
    header: list[str], rows: list[list[str | dt.date]], mark: str, style: str = cells.ISO
) -> str:
    written = [[cell(value, style) for value in row] for row in rows]
    lines = [mark.join(quoted(value, mark) for value in row) for row in [header, *written]]
    return "\r\n".join(lines) + "\r\n"


def as_read(files: StaffFiles) -> tuple:
    return (
        [asdict(row) | {"line": 0} for row in files.units.values()],
        [asdict(row) | {"line": 0} for row in files.staff.people.values()],
        [asdict(row) | {"line": 0} for row in files.staff.positions.values()],
        {unit: row.person for unit, row in files.staff.leaders.items()},
        files.set_aside,
    )


def read(folder: Path, file_map: FileMap = AS_TOLD, suffix: str = "csv") -> tuple:
    units, people = folder / f"units.{suffix}", folder / f"people.{suffix}"
    return as_read(read_files(units, people, file_map, day=ImportDay(ON, ON)))


def write(folder: Path, units: bytes, people: bytes, suffix: str = "csv") -> None:
    (folder / f"units.{suffix}").write_bytes(units)
    (folder / f"people.{suffix}").write_bytes(people)


@pytest.fixture
def expected(tmp_path: Path) -> tuple:
    units, people = text(UNIT_FIELDS, UNITS, ";"), text(PEOPLE_FIELDS, PEOPLE, ";")
    write(tmp_path, units.encode(), people.encode())
    return read(tmp_path)


def test_rows_are_those_that_were_written(expected: tuple) -> None:
    units, people, positions, leaders, set_aside = expected
    assert [(row["hr_id"], row["name"], row["parent"]) for row in units] == [
        tuple(row[place] for place in (0, 1, 3)) for row in UNITS
    ]
    assert (units[2]["valid_from"], units[2]["valid_to"]) == tuple(UNITS[2][4:])
    assert [(row["hr_id"], row["name"], row["email"]) for row in people] == [
        tuple(row[:3]) for row in PEOPLE
    ]
    assert [(row["valid_from"] or "", row["valid_to"] or "") for row in positions] == [
        tuple(row[6:]) for row in PEOPLE
    ]
    assert (leaders, set_aside) == ({"201": "P1"}, [])


@pytest.mark.parametrize(("encoding", "mark"), [*itertools.product(ENCODINGS, DELIMITERS)])
def test_every_encoding_and_delimiter_reads_to_the_same_rows(
    tmp_path: Path, expected: tuple, encoding: str, mark: str
) -> None:
    for style in DAYS:
        units = text(UNIT_FIELDS, UNITS, mark, style)
        people = text(PEOPLE_FIELDS, PEOPLE, mark, style)
        write(tmp_path, units.encode(encoding), people.encode(encoding))
        assert read(tmp_path) == expected


@pytest.mark.parametrize("mark", DELIMITERS)
def test_delimiter_that_excel_says_itself_is_read(
    tmp_path: Path, expected: tuple, mark: str
) -> None:
    said = f"sep={mark}\r\n"
    units, people = text(UNIT_FIELDS, UNITS, mark), text(PEOPLE_FIELDS, PEOPLE, mark)
    write(tmp_path, (said + units).encode(), (said + people).encode("utf-16"))
    assert read(tmp_path) == expected


def test_every_known_heading_reads_to_the_same_rows(tmp_path: Path, expected: tuple) -> None:
    for turn in range(max(map(len, [*UNIT_HEADINGS.values(), *PEOPLE_HEADINGS.values()]))):
        units = [UNIT_HEADINGS[name][turn % len(UNIT_HEADINGS[name])] for name in UNIT_FIELDS]
        people = [
            PEOPLE_HEADINGS[name][turn % len(PEOPLE_HEADINGS[name])] for name in PEOPLE_FIELDS
        ]
        for shown in (str, str.upper, lambda heading: f" {heading.title()}: "):
            write(
                tmp_path,
                text([shown(name) for name in units], UNITS, ";").encode(),
                text([shown(name) for name in people], PEOPLE, ";").encode(),
            )
            assert read(tmp_path) == expected


def test_no_heading_stands_for_two_fields() -> None:
    for headings in (UNIT_HEADINGS, PEOPLE_HEADINGS):
        known = [name for names in headings.values() for name in names]
        assert len(set(known)) == len(known)


@pytest.mark.parametrize("style", [*DAYS, "days"])
def test_workbook_reads_to_the_same_rows(tmp_path: Path, expected: tuple, style: str) -> None:
    def sheet(header: list[str], rows: list[list[str | dt.date]]) -> bytes:
        values = [
            [
                int(value)
                if isinstance(value, str) and value.isdecimal()
                else value
                if style == "days" or isinstance(value, str)
                else cell(value, style)
                for value in row
            ]
            for row in rows
        ]
        return workbook([header, *values])

    write(tmp_path, sheet(UNIT_FIELDS, UNITS), sheet(PEOPLE_FIELDS, PEOPLE), "xlsx")
    assert read(tmp_path, suffix="xlsx") == expected


@pytest.mark.parametrize(
    "written", ["31.12.9999", "9999-12-31", "31.12.2099", "31.12.99", "99991231"]
)
def test_open_end_is_none(tmp_path: Path, expected: tuple, written: str) -> None:
    rows = [[*row[:-1], row[-1] or written] for row in PEOPLE]
    write(tmp_path, text(UNIT_FIELDS, UNITS, ";").encode(), text(PEOPLE_FIELDS, rows, ";").encode())
    assert read(tmp_path) == expected


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("01.02.69", dt.date(2069, 2, 1)),
        ("01.02.70", dt.date(1970, 2, 1)),
        ("1.2.00", dt.date(2000, 2, 1)),
        ("29.02.24", dt.date(2024, 2, 29)),
        ("29.02.2023", None),
        ("2026-1-5", dt.date(2026, 1, 5)),
        ("46350", dt.date(2026, 11, 24)),
        ("46350,0", dt.date(2026, 11, 24)),
        ("2958465", dt.date(9999, 12, 31)),
        ("1234", None),
        ("12345678", None),
        ("24.11/2026", None),
        ("24.11.026", None),
        ("1899-01-01", None),
        ("i går", None),
    ],
)
def test_day_is_read(written: str, day: dt.date | None) -> None:
    assert cells.read_day(written)[0] == day


def test_first_and_last_name_in_columns_of_their_own_are_one_name(staff: StaffFolder) -> None:
    staff.people.write_text(
        "Ansattnr;Etternavn;Fornavn;E-post;Enhet;Enhetsnr;Stilling;Er leder\n"
        "P1;Dahl;Liv Marie;liv@solvik.example;Hjemmetjenesten nord;201;Seksjonsleder;x\n",
        encoding="utf-8",
    )
    staff.run()
    person = User.objects.get()
    assert (person.name, person.first_name) == ("Liv Marie Dahl", "Liv Marie")
    assert Leadership.objects.get().unit.hr_id == "201"
    assert staff.read_as[4:] == [
        "  Ansattnr → hr_id, Fornavn → fornavn, E-post → epost, Enhetsnr → enhet, "
        "Stilling → stilling, Er leder → leder, Fornavn + Etternavn → navn",
        "  kolonner som ikke er lest: Enhet",
    ]


def write_map(staff: StaffFolder, content: str) -> Path:
    path = staff.units.parent / "import.toml"
    path.write_text(content, encoding="utf-8")
    return path


MAP = """
[people]
encoding = "cp850"
delimiter = ":"
month_first = true
no_end = ["01/01/2078"]
yes = "L"
no = ["M"]
languages = { nb = "NO", en = ["EN", "GB"] }

[people.columns]
hr_id = "Nr"
navn = ["F", "E"]
epost = "Adr"
enhet = "Sted"
stilling = "Rolle"
leder = "Kode"
spraak = "Spr"
til = "Slutt"
"""


def test_map_says_how_a_file_is_written(staff: StaffFolder) -> None:
    write_map(staff, MAP)
    staff.people.write_bytes(
        "Nr:F:E:Adr:Sted:Rolle:Kode:Spr:Slutt\n"
        "P1:Bjørn:Dahl:b@solvik.example:201:Leder:L:GB:01/01/2078\n"
        "P2:Kari:Vik:k@solvik.example:201:Vikar:M:NO:11/24/2027\n".encode("cp850")
    )
    staff.run()
    first, second = User.objects.order_by("hr_id")
    assert (first.name, first.language, second.language) == ("Bjørn Dahl", "en", "nb")
    assert first.positions.get().valid_to is None
    assert second.positions.get().valid_to == dt.date(2027, 11, 24)
    assert Leadership.objects.get().user == first


def test_map_says_which_levels_there_are(staff: StaffFolder) -> None:
    write_map(staff, '[units]\nlevels = { kommune = 1, virksomhet = "2", enhet = [3, 4] }\n')
    staff.units.write_text(
        "hr_id;navn;nivå;over\n1;Solvik;1;\n20;Bydel;2;1\n201;Nord;3;20\n30;Etat;4;20\n",
        encoding="utf-8",
    )
    staff.run()
    levels = Unit.objects.order_by("hr_id").values_list("level", "level_name")
    assert list(levels) == [
        ("municipality", "kommune"),
        ("agency", "virksomhet"),
        ("unit", "enhet"),
        ("unit", "enhet"),
    ]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("[peple]", ["import.toml, nøkkel «peple»: Ukjent nøkkel. Kjente er: units, people"]),
        (
            "[people]\nencodign = 'utf-8'",
            [
                "import.toml, nøkkel «people.encodign»: Ukjent nøkkel. Kjente er: encoding, "
                "delimiter, columns, month_first, no_end, yes, no, languages"
            ],
        ),
        (
            "[units.columns]\nnavnet = 'Navn'",
            [
                "import.toml, nøkkel «units.columns.navnet»: Ukjent felt. Kjente er: hr_id, navn, "
                "nivå, over, nivånavn, kortnavn, leder, fra, til, etterfølgere"
            ],
        ),
        (
            "[units]\nencoding = 'klingon'\ndelimiter = ';;'\nmonth_first = 1\nyes = []\n"
            "no_end = 'aldri'\nlevels = { fylke = 'F', enhet = true }\ncolumns = 3",
            [
                "import.toml, nøkkel «units.encoding»: Ukjent tegnsett",
                "import.toml, nøkkel «units.delimiter»: Skal være ett tegn",
                "import.toml, nøkkel «units.month_first»: Skal være true eller false",
                "import.toml, nøkkel «units.yes»: Skal være et ord, eller flere",
                "import.toml, nøkkel «units.no_end»: Skal være en dato, eller flere",
                "import.toml, nøkkel «units.levels.fylke»: Ukjent nøkkel. Kjente er: kommune, "
                "virksomhet, enhet",
                "import.toml, nøkkel «units.levels.enhet»: Skal være et ord, eller flere",
                "import.toml, nøkkel «units.columns»: Skal være en tabell",
            ],
        ),
        ("units = 3", ["import.toml, nøkkel «units»: Skal være en tabell"]),
    ],
)
def test_fault_in_a_map_names_its_key(staff: StaffFolder, content: str, faults: list[str]) -> None:
    write_map(staff, content)
    assert staff.refuse() == faults
    assert not Unit.objects.exists()


def test_map_that_is_no_toml_or_is_not_there_imports_nothing(staff: StaffFolder) -> None:
    write_map(staff, "[people\n")
    (fault,) = staff.refuse()
    assert fault.startswith("import.toml: Kartet er ikke gyldig TOML: ")
    assert staff.refuse("--map", "nowhere.toml") == ["nowhere.toml: Kartet kan ikke leses"]


def test_column_of_a_map_that_the_file_lacks_imports_nothing(staff: StaffFolder) -> None:
    write_map(staff, '[units.columns]\nhr_id = "hr_id"\nnavn = "Enhetsnavn"\n')
    assert staff.refuse() == [
        "import.toml, nøkkel «units.columns.navn»: units.csv har ingen kolonne «Enhetsnavn»",
        "units.csv, linje 1, kolonne «navn»: Kolonnen mangler",
        "units.csv, linje 1, kolonne «nivå»: Kolonnen mangler",
        "units.csv, linje 1, kolonne «over»: Kolonnen mangler",
    ]


def test_file_in_another_encoding_than_its_map_says_imports_nothing(staff: StaffFolder) -> None:
    write_map(staff, '[people]\nencoding = "utf-8"\n')
    content = staff.people.read_text(encoding="utf-8").replace("Liv", "Bjørn")
    staff.people.write_bytes(content.encode("cp1252"))
    assert staff.refuse() == ["people.csv, linje 1: Filen er ikke skrevet som UTF-8"]


READY = {
    "manager-number": (
        "Enhetsnr;Enhetsnavn;Overordnet enhetsnr;Gyldig fra;Gyldig til\n"
        "1;Solvik kommune;;01.01.2020;\n20;Bydel;1;01.01.2020;31.12.2099\n201;Nord;20;;\n",
        "Ansattnr;Fornavn;Etternavn;E-post;Enhetsnr;Stilling;Leders ansattnr;Startdato;Sluttdato\n"
        "7;Kari;Vik;kari@solvik.example;1;Kommunedirektør;;01.01.2021;\n"
        "8;Olav;Aas;olav@solvik.example;20;Direktør;7;01.01.2022;\n"
        "9;Liv;Dahl;liv@solvik.example;201;Leder;8;01.01.2023;\n"
        "10;Even;Moen;even@solvik.example;201;Pleier;9;01.01.2024;31.12.2099\n",
    ),
    "unit-leader": (
        "Orgenhet;Betegnelse;Type;Overordnet orgenhet;Leders ressursnr;Fra dato;Til dato\n"
        "1;Solvik kommune;K;;7;01.01.2020;\n20;Bydel;V;1;8;01.01.2020;\n201;Nord;S;20;9;;\n",
        "Ressursnr;Navn;E-postadresse;Orgenhet;Stillingsbetegnelse;Fra dato;Til dato\n"
        "7;Vik, Kari;kari@solvik.example;1;Kommunedirektør;01.01.2021;\n"
        "8;Aas, Olav;olav@solvik.example;20;Direktør;01.01.2022;\n"
        "9;Dahl, Liv;liv@solvik.example;201;Leder;01.01.2023;\n"
        "10;Moen, Even;even@solvik.example;201;Pleier;01.01.2024;\n",
    ),
    "leader-code": (
        "Orgenhetsnr;Orgenhetsnavn;Nivå;Overordnet orgenhetsnr;Kortkode;Startdato;Sluttdato\n"
        "1;Solvik kommune;1;;;20200101;99991231\n20;Bydel;2;1;BF;20200101;99991231\n"
        "201;Nord;3;20;;00000000;99991231\n",
        "Personalnr;Etternavn;Fornavn;E-post;Orgenhetsnr;Stillingstekst;Lederkode;Startdato;"
        "Sluttdato\n"
        "7;Vik;Kari;kari@solvik.example;1;Kommunedirektør;01;20210101;99991231\n"
        "8;Aas;Olav;olav@solvik.example;20;Direktør;01;20220101;99991231\n"
        "9;Dahl;Liv;liv@solvik.example;201;Leder;01;20230101;99991231\n"
        "10;Moen;Even;even@solvik.example;201;Pleier;00;20240101;00000000\n",
    ),
}


@pytest.mark.parametrize("name", ready_maps())
def test_ready_map_reads_the_shape_that_it_is_for(staff: StaffFolder, name: str) -> None:
    units, people = READY[name]
    staff.units.write_bytes(units.encode("cp1252"))
    staff.people.write_bytes(people.encode("cp1252"))
    staff.run("--map", name)
    levels = Unit.objects.order_by("hr_id").values_list("hr_id", "level")
    assert list(levels) == [("1", "municipality"), ("20", "agency"), ("201", "unit")]
    led = Leadership.objects.order_by("unit__hr_id").values_list("unit__hr_id", "user__hr_id")
    assert list(led) == [("1", "7"), ("20", "8"), ("201", "9")]
    held = Position.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(held) == [(dt.date(year, 1, 1), None) for year in (2021, 2022, 2023, 2024)]
    assert User.objects.get(hr_id="10").given_name == "Even"
    assert staff.run("--map", name) == ["Ingen endringer."]


def test_map_is_found_by_its_name_by_its_path_and_beside_the_files(tmp_path: Path) -> None:
    assert find_map("", tmp_path) == AS_TOLD
    assert find_map("manager-number", tmp_path).units.are_levels_by_depth
    beside = tmp_path / "import.toml"
    beside.write_text('[people]\ndelimiter = "\\t"\n', encoding="utf-8")
    assert find_map("", tmp_path) == read_map(beside)
    assert find_map(str(beside), Path()).people.delimiter == "\t"
    with pytest.raises(StaffFilesRefused, match="1 feil"):
        find_map("manager", tmp_path)


def managers(*rows: tuple[str, str, str]) -> str:
    header = "hr_id;navn;epost;enhet;stilling;nærmeste_leder\n"
    return header + "".join(
        f"{person};Navn {person};{person}@solvik.example;{unit};Ansatt;{manager}\n"
        for person, unit, manager in rows
    )


@pytest.mark.parametrize(
    ("rows", "led"),
    [
        ([("a", "201", "b"), ("b", "201", ""), ("c", "201", "b")], {"201": "b"}),
        # Their own line manager leads the unit above.
        ([("a", "201", "b"), ("b", "201", "d"), ("d", "20", "")], {"201": "b", "20": "d"}),
        # A leader without anybody in the unit, of units below it.
        (
            [("a", "201", "b"), ("b", "201", "d"), ("d", "20", "e"), ("e", "1", "")],
            {"201": "b", "20": "d", "1": "e"},
        ),
        # Most of them.
        ([("a", "201", "b"), ("c", "201", "b"), ("d", "201", "e"), ("b", "1", ""), ("e", "1", "")],
         {"201": "b"}),
        # A deputy who leads a unit below, in one with their leader.
        (
            [("a", "20", ""), ("b", "20", "a"), ("c", "201", "b"), ("d", "201", "b")],
            {"20": "a", "201": "b"},
        ),
        # Themselves.
        ([("a", "1", "a"), ("b", "20", "a")], {"1": "a", "20": "a"}),
    ],
)  # fmt: skip
def test_line_managers_say_who_leads(
    staff: StaffFolder, rows: list[tuple[str, str, str]], led: dict[str, str]
) -> None:
    staff.people.write_text(managers(*rows), encoding="utf-8")
    staff.run()
    found = Leadership.objects.values_list("unit__hr_id", "user__hr_id")
    assert dict(found) == led


def test_unit_with_a_manager_that_is_unknown_or_with_two_keeps_its_leader(
    staff: StaffFolder,
) -> None:
    known = [("a", "201", "b"), ("b", "201", ""), ("c", "202", "d"), ("d", "202", "")]
    staff.people.write_text(managers(*known), encoding="utf-8")
    staff.run()
    changed = [*known[1:2], *known[3:], ("a", "201", "x"), ("c", "202", "b"), ("e", "202", "d")]
    staff.people.write_text(managers(*changed), encoding="utf-8")
    told = staff.run_and_set_aside()
    place = "kolonne «nærmeste_leder»"
    assert told == [
        f"people.csv, linje 3, {place}: Like mange i enheten har en annen leder",
        f"people.csv, linje 4, {place}: Ukjent person (tekst på 1 tegn)",
    ]
    found = Leadership.objects.valid_on(staff.on).values_list("unit__hr_id", "user__hr_id")
    assert dict(found) == {"201": "b", "202": "d"}
