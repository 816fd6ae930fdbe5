"""Every fault in HR's files is found and placed: rows are set aside, files are refused."""

from dataclasses import replace

import pytest

from common.staff_files import table
from common.staff_files.damage import damage
from common.text import clean_line
from people.models import AuditRecord, Leadership, Position, Unit, User
from tests.corpora.names import CALLED, DAMAGED, IN_ORDER, RARE, SOUGHT
from tests.people.staff_files import PEOPLE, PEOPLE_HEADER, UNITS, StaffFolder
from tests.spreadsheets import workbook

pytestmark = pytest.mark.django_db


def nothing_is_imported() -> bool:
    tables = (Unit, User, Position, Leadership, AuditRecord)
    return not any(table.objects.exists() for table in tables)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            ["1;Solvik;kommune;", ";Uten nummer;enhet;1"],
            "units.csv, linje 3, kolonne «hr_id»: Feltet er tomt",
        ),
        (
            ["1;Solvik;kommune;", "2;;enhet;1"],
            "units.csv, linje 3, kolonne «navn»: Feltet er tomt",
        ),
        (
            ["1;Solvik;kommune;", f"2;{'x' * 201};enhet;1"],
            "units.csv, linje 3, kolonne «navn»: Mer enn 200 tegn",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;fylke;1"],
            "units.csv, linje 3, kolonne «nivå»: "
            "Ikke en av kommune, virksomhet, enhet, men tekst på 5 tegn",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;9"],
            "units.csv, linje 3, kolonne «over»: Ukjent enhet (tall på 1 tegn)",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;"],
            "units.csv, linje 3, kolonne «over»: Bare en kommune kan stå øverst",
        ),
        (
            ["1;Solvik;kommune;", "2;Bjerka;kommune;1"],
            "units.csv, linje 3, kolonne «over»: En kommune har ingen enhet over seg",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1", "2;Sør;enhet;1"],
            "units.csv, linje 4, kolonne «hr_id»: Noe annet enn på linje 3",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;2"],
            "units.csv, linje 3, kolonne «over»: Enhetene står over hverandre i ring: 2 → 2",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1;;;31.02.2026"],
            "units.csv, linje 3, kolonne «fra»: Datoen finnes ikke",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1;;;2026-02-02;2026-02-01"],
            "units.csv, linje 3, kolonne «til»: Slutter før den begynner",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1;;;;;2"],
            "units.csv, linje 3, kolonne «etterfølgere»: En enhet kan ikke etterfølge seg selv",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1;;;;;7"],
            "units.csv, linje 3, kolonne «etterfølgere»: Ukjent enhet (tall på 1 tegn)",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1;;;;2026-11-23", "3;Sør;enhet;2"],
            "units.csv, linje 4, kolonne «over»: Enheten «2» er avsluttet",
        ),
        (
            ["1;Solvik;kommune;", "2;Nord;enhet;1;;;;;1;for;mye"],
            "units.csv, linje 3: 11 felt der overskriften har 9",
        ),
    ],
)
def test_fault_in_a_unit_is_placed(staff: StaffFolder, rows: list[str], fault: str) -> None:
    staff.write(units=rows, people=["P1;Liv Dahl;liv@solvik.example;1;Direktør"])
    assert staff.run_and_set_aside() == [fault]
    stored = set(Unit.objects.values_list("hr_id", flat=True))
    assert stored == ({"1", "2"} if rows[-1].startswith("3") else {"1"})
    assert User.objects.get().hr_id == "P1"


BOTH = {"P1", "P2", "P7"}


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (["P1;;liv@solvik.example;20;Leder"], ["linje 2, kolonne «navn»: Feltet er tomt"]),
        (
            ["P1;Liv;-;20;Leder"],
            ["linje 2, kolonne «epost»: Ikke en e-postadresse, men tekst på 1 tegn"],
        ),
        (
            ["P1;Liv;liv(at)solvik;20;Leder"],
            ["linje 2, kolonne «epost»: Ikke en e-postadresse, men tekst på 13 tegn"],
        ),
        (
            ["P1;Liv;liv@solvik.example;99;Leder"],
            ["linje 2, kolonne «enhet»: Ukjent enhet (tall på 2 tegn)"],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder;kanskje"],
            ["linje 2, kolonne «leder»: Verken ja eller nei, men tekst på 7 tegn"],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder;ja;de"],
            ["linje 2, kolonne «språk»: Ikke en av nb, en, men tekst på 2 tegn"],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder;;;i går"],
            ["linje 2, kolonne «fra»: Ikke en dato, men tekst på 5 tegn"],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder;;;2026-02-02;01.02.2026"],
            ["linje 2, kolonne «til»: Slutter før den begynner"],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder;ja", "P2;Ola;ola@solvik.example;20;Leder;ja"],
            ["linje 3, kolonne «leder»: Enheten har allerede en leder, på linje 2"],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder", "P2;Ola;LIV@solvik.example;20;Leder"],
            [
                "linje 2, kolonne «epost»: Står også på linje 3, hos en annen",
                "linje 3, kolonne «epost»: Står også på linje 2, hos en annen",
            ],
        ),
        (
            ["P1;Liv;liv@solvik.example;20;Leder", "P1;Liv D;liv@solvik.no;30;Leder;;en"],
            [
                "linje 3, kolonne «navn»: Noe annet enn på linje 2",
                "linje 3, kolonne «epost»: Noe annet enn på linje 2",
                "linje 3, kolonne «språk»: Noe annet enn på linje 2",
            ],
        ),
        (
            [
                "P1;;feil;99;;kanskje",
                "P2;Ola;ola@solvik.example;20;Leder;;;;2026-13-01",
            ],
            [
                "linje 2, kolonne «navn»: Feltet er tomt",
                "linje 2, kolonne «stilling»: Feltet er tomt",
                "linje 2, kolonne «epost»: Ikke en e-postadresse, men tekst på 4 tegn",
                "linje 2, kolonne «leder»: Verken ja eller nei, men tekst på 7 tegn",
                "linje 2, kolonne «enhet»: Ukjent enhet (tall på 2 tegn)",
                "linje 3, kolonne «til»: Datoen finnes ikke",
            ],
        ),
    ],
)
def test_faults_in_people_are_placed(
    staff: StaffFolder, rows: list[str], faults: list[str]
) -> None:
    staff.write(people=[*rows, "P7;Kari Vik;kari@solvik.example;202;Vikar"])
    assert staff.run_and_set_aside() == [f"people.csv, {fault}" for fault in faults]
    people = set(User.objects.values_list("hr_id", flat=True))
    assert people == (BOTH if "har allerede en leder" in faults[0] else {"P7"})
    assert not Leadership.objects.exists()


def test_position_in_a_unit_that_has_ended_is_a_fault(staff: StaffFolder) -> None:
    staff.write(units=[*UNITS[:4], "30;Etat for læring;virksomhet;1;;;;2026-11-23"])
    assert staff.run_and_set_aside() == [
        f"people.csv, linje {line}, kolonne «enhet»: Enheten «30» er avsluttet" for line in (4, 5)
    ]
    assert {position.user.hr_id for position in Position.objects.all()} == {"P1"}


def test_position_that_has_ended_too_may_stand_in_it(staff: StaffFolder) -> None:
    staff.write(
        units=[*UNITS[:4], "30;Etat for læring;virksomhet;1;;;2020-01-01;2026-11-23"],
        people=[PEOPLE[0], "P3;Olav Aas;olav@solvik.example;30;Direktør;x;;;2026-11-23"],
    )
    staff.run()
    assert Position.objects.count() == 1


def test_everybody_in_a_circle_is_named_once_and_nobody_outside_it(staff: StaffFolder) -> None:
    staff.write(
        units=[
            "1;Solvik kommune;kommune;",
            "5;Utenfor;enhet;2",
            "2;A;enhet;4",
            "3;B;enhet;2",
            "4;C;enhet;3",
        ],
        people=["P1;Liv;liv@solvik.example;1;Leder"],
    )
    ring = "Enhetene står over hverandre i ring: 2 → 4 → 3 → 2"
    told = [f"units.csv, linje {line}, kolonne «over»: {ring}" for line in (4, 5, 6)]
    below = "units.csv, linje 3, kolonne «over»: Raden til enheten «2» er satt til side"
    assert staff.run_and_set_aside() == [below, *told]
    assert Unit.objects.get().hr_id == "1"


def test_missing_and_repeated_columns_are_named(staff: StaffFolder) -> None:
    staff.units.write_text("hr_id;navn;navn\n1;Solvik;Solvik\n", encoding="utf-8")
    assert staff.refuse() == [
        "units.csv, linje 1, kolonne «nivå»: Kolonnen mangler",
        "units.csv, linje 1, kolonne «over»: Kolonnen mangler",
        "units.csv, linje 1, kolonne «navn»: Kolonnen står flere ganger",
    ]


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n"])
def test_empty_file_is_a_fault(staff: StaffFolder, content: str) -> None:
    staff.people.write_text(content, encoding="utf-8")
    assert staff.refuse() == ["people.csv: Filen er tom"]


def test_file_of_a_header_alone_is_a_fault(staff: StaffFolder) -> None:
    staff.write(people=[])
    assert staff.refuse() == ["people.csv: Filen har ingen linjer under overskriften"]


def test_file_in_another_encoding_is_read_in_it_and_said_to_be(staff: StaffFolder) -> None:
    staff.units.write_bytes(staff.units.read_text(encoding="utf-8").encode("latin-1"))
    assert "Nye enheter: 5" in staff.run()
    assert Unit.objects.get(hr_id="202").name == "Hjemmetjenesten sør"
    assert staff.read_as[0] == "units.csv: Windows-1252, skilletegn «;»"


def test_file_that_is_no_text_is_a_fault(staff: StaffFolder) -> None:
    staff.people.write_bytes(b"hr_id;navn\nP1;\0\n")
    assert staff.refuse() == ["people.csv, linje 2: Filen er ikke en tekstfil"]


def test_file_that_is_not_there_is_a_fault(staff: StaffFolder) -> None:
    staff.people.unlink()
    assert staff.refuse() == ["people.csv: Filen kan ikke leses"]


def test_open_quotation_mark_sets_its_own_line_aside(staff: StaffFolder) -> None:
    with staff.people.open("a", encoding="utf-8") as file:
        file.write('P9;"Kari;kari@solvik.example;20;Leder;;;;\n')
    assert staff.run_and_set_aside() == ["people.csv, linje 6: Anførselstegnene går ikke opp"]
    assert User.objects.count() == 3


def test_line_numbers_hold_below_a_cell_of_two_lines_and_an_empty_line(
    staff: StaffFolder,
) -> None:
    staff.write(people=['P1;Liv;liv@solvik.example;20;"Leder\nog mer"', "", "P2;;o@b.no;20;Leder"])
    fault = "people.csv, linje 5, kolonne «navn»: Feltet er tomt"
    assert staff.run_and_set_aside() == [fault]


def test_faults_of_both_files_are_reported_at_once(staff: StaffFolder) -> None:
    staff.write(units=[*UNITS, "40;Nord;enhet;9"], people=[*PEOPLE, "P9;;a@b.no;20;Leder"])
    assert staff.run_and_set_aside() == [
        "people.csv, linje 6, kolonne «navn»: Feltet er tomt",
        "units.csv, linje 7, kolonne «over»: Ukjent enhet (tall på 1 tegn)",
    ]


def test_comma_and_byte_order_mark_and_columns_in_any_order_are_read(
    staff: StaffFolder,
) -> None:
    staff.units.write_text(
        'Over, NIVÅ ,navn,hr_id\n,kommune,"Solvik, kommunen",1\n', encoding="utf-8-sig"
    )
    staff.people.write_text(
        "epost,hr_id,enhet,stilling,navn,leder\r\nLIV@solvik.example, P1 ,1,Direktør,Liv Dahl,\r\n",
        encoding="utf-8-sig",
        newline="",
    )
    staff.run()
    assert Unit.objects.get().name == "Solvik, kommunen"
    assert Position.objects.get().user.email == "liv@solvik.example"


def test_unknown_columns_are_named_and_not_read(staff: StaffFolder) -> None:
    staff.people.write_text(
        "hr_id;navn;epost;enhet;stilling;leder;lønn;\nP1;Liv;liv@solvik.example;1;Direktør;;9;\n",
        encoding="utf-8",
    )
    staff.run()
    assert "  kolonner som ikke er lest: lønn" in staff.read_as


def write_raw(staff: StaffFolder, people: str, encoding: str = "utf-8") -> None:
    staff.people.write_bytes(people.encode(encoding))


HEADER = "hr_id;navn;epost;enhet;stilling;leder;språk;fra;til"


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;\n",
        f"sep=;\n{HEADER}\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;\n",
        f"sep=;;;;;;;;;\r\n{HEADER}\r\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;\r\n",
        f"{HEADER};;\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;;;\n",
        f"{HEADER}\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;;;;\n",
        f"{HEADER}\n; ; ;\u00a0;;;;;\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;\n   \n",
        f'{HEADER}\nP1;"Liv\nDahl";liv@solvik.example;201;"Leder\r\n";;;;\n',
        f"{HEADER}\nP1;Liv\u00a0Dahl\u200b;Liv@Solv\u00adik.example;201;Leder;;;;\n",
        f"{HEADER}\n\u200bP1\ufeff;Liv  Dahl;mailto:liv@solvik.example;201;Leder;;;;\n",
        f"{HEADER}\nP1;Liv Dahl;Liv Dahl <liv@solvik.example>;201;Leder;;;;31.12.9999\n",
        f"{HEADER}\nP1;Liv Dahl;liv@solvik.example;201;Leder;;;;2999-12-31\n",
        HEADER.replace(";", "\t") + "\nP1\tLiv Dahl\tliv@solvik.example\t201\tLeder\t\t\t\t\n",
        HEADER.replace(";", ",") + "\nP1,Liv Dahl,liv@solvik.example,201,Leder,,,,\n",
        HEADER.replace("navn", "NAVN\u200b ").replace("språk", "spra\u030ak")
        + "\nP1;Liv Dahl;liv@solvik.example;201;Leder;;nb;;\n",
    ],
)
def test_file_is_read_as_spreadsheets_and_hr_systems_write_it(
    staff: StaffFolder, content: str
) -> None:
    write_raw(staff, content)
    staff.run()
    person = User.objects.get()
    place = person.positions.get()
    assert (person.hr_id, person.name, person.email) == ("P1", "Liv Dahl", "liv@solvik.example")
    assert (place.unit.hr_id, place.title, place.valid_to) == ("201", "Leder", None)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "P1;#N/A;liv@solvik.example;201;Leder",
            "kolonne «navn»: En feil fra et regneark",
        ),
        (
            "P1;Liv;liv@solvik.example;201;#I/T",
            "kolonne «stilling»: En feil fra et regneark",
        ),
        (
            "P1;#NAVN?;liv@solvik.example;201;Leder",
            "kolonne «navn»: En feil fra et regneark",
        ),
        (
            "1,23457E+11;Liv;liv@solvik.example;201;Leder",
            "kolonne «hr_id»: Et tall som et regneark har forkortet",
        ),
        (
            "P1;BjÃ¸rn;liv@solvik.example;201;Leder",
            "kolonne «navn»: Lest med feil tegnsett. Lagre filen som «CSV UTF-8».",
        ),
        (
            "P1;Bj\ufffdrn;liv@solvik.example;201;Leder",
            "kolonne «navn»: Lest med feil tegnsett. Lagre filen som «CSV UTF-8».",
        ),
        (
            "P1;Liv \ue000;liv@solvik.example;201;Leder",
            "kolonne «navn»: Tegnet U+E000 er ikke en bokstav",
        ),
        (
            "P1;Liv;bjørn@solvik.example;201;Leder",
            "kolonne «epost»: Ikke en e-postadresse, men tekst med @ på 20 tegn",
        ),
        (
            "P1;Liv;liv@solvik.example;201;Leder;;;01.01.0026",
            "kolonne «fra»: Datoen finnes ikke",
        ),
    ],
)
def test_cell_that_a_program_has_spoilt_is_placed(staff: StaffFolder, row: str, fault: str) -> None:
    staff.write(people=[row])
    assert staff.run_and_set_aside() == [f"people.csv, linje 2, {fault}"]
    assert not User.objects.exists()


@pytest.mark.parametrize("name", DAMAGED)
def test_name_that_was_damaged_on_the_way_is_placed(staff: StaffFolder, name: str) -> None:
    staff.write(people=[f"P1;{name};liv@solvik.example;201;Leder"])
    (fault,) = staff.run_and_set_aside()
    assert fault.startswith("people.csv, linje 2, kolonne «navn»: ")
    assert name not in fault
    assert not User.objects.exists()


@pytest.mark.parametrize("number", ["1.23E5", "1,23E+05", "NULL", "#REF!"])
def test_number_that_was_damaged_on_the_way_is_placed(staff: StaffFolder, number: str) -> None:
    staff.write(people=[f"{number};Liv;liv@solvik.example;201;Leder"])
    (fault,) = staff.run_and_set_aside()
    assert fault.startswith("people.csv, linje 2, kolonne «hr_id»: Et ") or number == "#REF!"
    assert number not in fault
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name", [*SOUGHT, *IN_ORDER, *(name for name, _first in CALLED if name != ","), *RARE]
)
def test_no_real_name_is_taken_for_damaged(name: str) -> None:
    assert damage(clean_line(name), name) == ""


@pytest.mark.parametrize("name", ["Bj&oslash;rn", "Bj&#248;rn", "Bj&#xf8;rn"])
def test_name_with_letters_as_web_pages_carry_them_is_placed(staff: StaffFolder, name: str) -> None:
    write_raw(
        staff, f'hr_id,navn,epost,enhet,stilling,leder\nP1,"{name}",liv@solvik.example,201,Leder,\n'
    )
    (fault,) = staff.run_and_set_aside()
    assert fault.startswith("people.csv, linje 2, kolonne «navn»: Bokstaver er gått tapt")


def test_name_that_has_lost_its_last_letter_is_placed_and_a_title_may_ask(
    staff: StaffFolder,
) -> None:
    staff.write(
        people=[
            "P1;Milan Petrovi?;milan@solvik.example;201;Leder",
            "P2;Liv Dahl;liv@solvik.example;201;Hva nå?",
        ]
    )
    (fault,) = staff.run_and_set_aside()
    assert fault.startswith("people.csv, linje 2, kolonne «navn»: Bokstaver er gått tapt")
    assert User.objects.get().hr_id == "P2"


READ_AS = ["latin-1", "cp1252", "mac_roman", "cp850", "cp437"]


@pytest.mark.parametrize("charset", READ_AS)
@pytest.mark.parametrize(
    "name",
    ["Øystein Åsen", "BJØRN ÆRLIG", "Łukasz Wałęsa", "Ayşe Çelik", "Sinéad O’Brien", "Gö-Än"],
)
def test_a_name_read_with_the_wrong_letters_is_damaged(name: str, charset: str) -> None:
    octets = name.encode()
    read = "".join(bytes([one]).decode(charset, "ignore") or chr(one) for one in octets)
    assert "feil tegnsett" in damage(clean_line(read), read)


@pytest.mark.parametrize("sign", ["\u2065", "\ufff0", "\u0378", "\U000e0080"])
def test_address_with_a_sign_that_is_none_is_placed(staff: StaffFolder, sign: str) -> None:
    staff.write(people=[f"P1;Liv;liv@sol{sign}vik.example;201;Leder"])
    fault = f"people.csv, linje 2, kolonne «epost»: Tegnet U+{ord(sign):04X} er ikke en bokstav"
    assert fault in staff.run_and_set_aside()
    assert not User.objects.exists()


def test_address_of_a_domain_in_norwegian_letters_is_kept_as_mail_is_sent(
    staff: StaffFolder,
) -> None:
    staff.write(people=["P1;Liv;liv@sølvik.example;201;Leder"])
    staff.run()
    assert User.objects.get().email == "liv@xn--slvik-vua.example"


@pytest.mark.parametrize("name", ["Ângelo Ãlvares", "São Tomé", "Ó Súilleabháin", "Ãsa"])
def test_name_with_the_letters_of_a_misread_one_is_none(staff: StaffFolder, name: str) -> None:
    staff.write(people=[f"P1;{name};liv@solvik.example;201;Leder"])
    staff.run()
    assert User.objects.get().name == name


def test_file_whose_leaders_or_names_are_shifted_stops(staff: StaffFolder) -> None:
    units = [*UNITS, *(f"9{one};Enhet {one};enhet;20;seksjon" for one in range(40))]
    led = [f"P{one};Person {one};person{one}@solvik.example;9{one};Leder;ja" for one in range(40)]
    staff.write(units=units, people=led)
    staff.run()
    staff.write(people=[row.replace(";ja", ";nei") for row in led])
    assert staff.stop(on=staff.on).startswith("Enheter som mister lederen: 40 av 40")
    staff.write(people=[row.replace("Person ", "Anders ") for row in led])
    said = staff.stop(on=staff.on)
    assert said.startswith("Personer som får nytt navn: 40 av 40")
    assert Leadership.objects.valid_on(staff.on).count() == 40


def test_workbook_that_is_too_large_is_told_as_a_file_about_staff(
    staff: StaffFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "LIMITS", replace(table.LIMITS, rows=2))
    rows = [row.split(";") for row in PEOPLE]
    staff.people = staff.people.with_suffix(".xlsx")
    staff.people.write_bytes(workbook("Ansatte", PEOPLE_HEADER.split(";"), rows))
    (fault,) = staff.refuse()
    assert "for stort for en fil om ansatte" in fault
    assert "deltaker" not in fault
