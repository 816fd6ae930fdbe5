"""Files that were damaged on their way end nothing, move nothing, and are told of by line."""

from __future__ import annotations

import datetime as dt

import pytest

from common.staff_files.file_map import NO_SECTION
from common.staff_files.reading import StaffFile
from people.models import Leadership, Position, Unit, User
from people.staff_import.file_map import AS_TOLD
from people.staff_import.files import read_files
from people.staff_import.headings import PEOPLE_HEADINGS
from people.staff_import.import_day import ImportDay
from people.staff_import.people_file import COLUMNS
from tests.corpora.staff_files import (
    DAMAGED,
    EVERYBODY,
    UNIT_HEADER,
    UNITS,
    WHOLE,
    WITHOUT_AN_ADDRESS,
    Damage,
)
from tests.people.staff_files import PEOPLE, StaffFolder, lines

pytestmark = pytest.mark.django_db
NEXT_DAY = dt.timedelta(days=1)


def stored() -> list[list[tuple]]:
    tables = (Unit, User, Position, Leadership)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@pytest.fixture
def known(staff: StaffFolder) -> StaffFolder:
    """The whole file was imported the day before."""
    staff.units.write_text(lines(UNIT_HEADER, list(UNITS)), encoding="utf-8")
    staff.people.write_bytes(WHOLE)
    staff.run()
    staff.on += NEXT_DAY
    return staff


def damages(*, are_refused: bool) -> list:
    return [
        pytest.param(damage, id=name)
        for name, damage in DAMAGED.items()
        if bool(damage.refused) is are_refused
    ]


@pytest.mark.parametrize("damage", damages(are_refused=True))
def test_file_that_cannot_be_read_changes_nothing(known: StaffFolder, damage: Damage) -> None:
    before = stored()
    known.people.write_bytes(damage.people)
    assert known.refuse() != []
    assert stored() == before


@pytest.mark.parametrize("damage", damages(are_refused=False))
def test_damaged_rows_change_nothing_and_the_others_are_read(
    known: StaffFolder, damage: Damage
) -> None:
    before = stored()
    known.people.write_bytes(damage.people)
    if damage.lines:
        told = known.run_and_set_aside()
        assert len({fault.split(",")[1] for fault in told}) == damage.lines
    else:
        assert known.run() == ["Ingen endringer."]
    assert stored() == before
    files = read_files(known.units, known.people, AS_TOLD, day=ImportDay(known.on, known.on))
    if damage.set_aside == EVERYBODY:
        assert files.staff.is_anybody_set_aside
    else:
        assert (files.staff.set_aside, files.staff.is_anybody_set_aside) == (
            damage.set_aside,
            False,
        )
    assert damage.reads_as in known.read_as[2]


def test_row_without_an_address_is_read_and_takes_nothing_but_the_address(
    known: StaffFolder,
) -> None:
    before = stored()
    known.people.write_bytes(WITHOUT_AN_ADDRESS)
    assert known.run() == [
        "Endrede personer: 1",
        "  Bjørn Åsen (P2), bjorn@solvik.example → Bjørn Åsen, ingen e-postadresse",
        "Personer som ikke har e-postadresse lenger: 1",
        "  Bjørn Åsen (P2): bjorn@solvik.example",
    ]
    assert User.objects.get(hr_id="P2").email is None
    known.people.write_bytes(WHOLE)
    known.run()
    assert stored() == before


def test_what_is_told_names_nobody(known: StaffFolder) -> None:
    words = {"Liv", "Dahl", "Bjørn", "Åsen", "Olav", "Aas", "Kari", "Vik", "solvik.example"}
    for damage in DAMAGED.values():
        if damage.lines:
            known.people.write_bytes(damage.people)
            told = " ".join(known.run_and_set_aside())
            assert [word for word in words if f"{word} " in told or f"{word}»" in told] == []
            assert not any(sign.isdigit() and len(sign) > 10 for sign in told.split())


def test_more_rows_set_aside_than_the_limit_import_nothing(staff: StaffFolder) -> None:
    staff.run()
    before = stored()
    rows = [f"Q{one};Ny {one};ingen;202;Vikar" for one in range(21)]
    staff.write(people=rows)
    assert staff.stop_and_set_aside() == (
        "21 av 21 rader i people.csv kan ikke leses. Ingenting er importert."
    )
    assert stored() == before
    staff.write(people=rows[:20])
    assert len(staff.run_and_set_aside(on=staff.on)) == 20


def test_share_set_aside_that_is_allowed_is_a_setting(staff: StaffFolder, settings) -> None:
    settings.STAFF_IMPORT_SET_ASIDE_ROWS = 0
    settings.STAFF_IMPORT_SET_ASIDE_PERCENT = 10.0
    people = [f"Q{one};Ny {one};q{one}@solvik.example;202;Vikar" for one in range(18)]
    broken = ["R1;Ny;ingen;202;Vikar", "R2;Ny;ingen;202;Vikar"]
    staff.write(people=[*people, *broken])
    assert len(staff.run_and_set_aside()) == 2
    staff.write(people=[*people[1:], *broken])
    assert staff.stop_and_set_aside().startswith("2 av 19 rader i people.csv")


@pytest.mark.parametrize("more", ["", "P9;Ny Person;ny@solvik.example;30;Rådgiver\n"])
def test_a_file_that_grows_while_it_is_read_is_refused(staff: StaffFolder, more: str) -> None:
    """It ends between two lines, so that nothing in it says that it is half."""
    file = StaffFile(staff.people, COLUMNS, PEOPLE_HEADINGS, NO_SECTION)
    read = file.lines()
    next(read)
    with staff.people.open("a", encoding="utf-8") as written:
        written.write(more)
    assert len(list(read)) == len(PEOPLE) - 1
    grown = "people.csv: Filen ble skrevet mens den ble lest. Importer den når den er hel."
    assert [str(fault) for fault in file.faults] == ([grown] if more else [])
