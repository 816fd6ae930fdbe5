"""Files that are well-formed and wrong: what would change is judged before it is kept."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

from people.models import AuditRecord, FormerName, Leadership, Position, RoleGrant, Unit, User
from people.staff_import.changes import JudgedKind
from people.staff_import.judging import KIND_LABELS, LIMITS, Limit
from tests.people.staff_files import PEOPLE_HEADER, StaffFolder, lines

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
AHEAD = dt.date(2027, 1, 1)
DAY = dt.timedelta(days=1)
TABLES = (
    *(Unit, Unit.successors.through, User, FormerName),
    *(Position, Leadership, RoleGrant, AuditRecord),
)
UNITS = [
    "1;Solvik kommune;kommune;",
    "2;Etat for helse;virksomhet;1",
    "3;Etat for læring;virksomhet;1",
    *(f"4{number:02};Klinikk {number};enhet;2" for number in range(30)),
]
PEOPLE = [
    f"00{number:03};Ansatt {number};ansatt{number}@solvik.example;4{number % 30:02};Stilling;"
    f"{'ja' if number < 30 else 'nei'}"
    for number in range(400)
]

Rows = list[str]
Damage = Callable[[Rows, Rows], tuple[Rows, Rows]]


def everything() -> list[list[tuple]]:
    return [list(table.objects.order_by("pk").values_list()) for table in TABLES]


def cells(rows: Rows) -> list[list[str]]:
    return [row.split(";") for row in rows]


def joined(rows: list[list[str]]) -> Rows:
    return [";".join(row) for row in rows]


def with_no_leader(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, [row.replace(";ja", ";nei") for row in people]


def with_other_leaders(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    rows = cells(people)
    for number, row in enumerate(rows):
        row[5] = "ja" if 30 <= number < 60 else "nei"
    return units, joined(rows)


def a_person_too_low(people: Rows, column: int) -> Rows:
    rows = cells(people)
    said = {row[0]: row[column] for row in rows}
    lower = dict(zip(said, [*list(said.values())[-1:], *said.values()], strict=False))
    for row in rows:
        row[column] = lower[row[0]]
    return joined(rows)


def with_names_a_row_too_low(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, a_person_too_low(people, 1)


def with_addresses_a_row_too_low(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, a_person_too_low(people, 2)


def with_another_domain(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, [row.replace("@solvik.example", "@ny.example") for row in people]


def without_some_addresses(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    rows = cells(people)
    for row in rows:
        row[2] = "" if row[0] < "00020" else row[2]
    return units, joined(rows)


def without_zeros_before_some_numbers(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    shortened = [row.removeprefix("00") for row in people[30:45]]
    return units, [*people[:30], *shortened, *people[45:]]


def with_other_numbers_and_addresses(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    others = [f"9{row}".replace("ansatt", "ny", 1) for row in people[30:45]]
    return units, [*people[:30], *others, *people[45:]]


def cut_short(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, people[:362]


def with_a_second_position_cut_away(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, [row for row in people if ";Tillitsvalgt;" not in row]


def with_many_who_are_new(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    new = [f"N{n};Ny {n};ny{n}@solvik.example;401;Stilling;nei" for n in range(60)]
    return units, [*people, *new]


def under_one_agency(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return [row.removesuffix(";2") + ";3" if row[0] == "4" else row for row in units], people


def with_units_renamed(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return [row.replace("Klinikk", "Kontor") for row in units], people


def with_units_cut_away(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    left = {row.split(";")[0] for row in units[:20]}
    return units[:20], [row for row in people if row.split(";")[3] in left]


def with_units_as_agencies(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return [row.replace(";enhet;", ";virksomhet;") for row in units], people


def with_units_that_begin_next_year(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return [f"{row};;;{AHEAD}" for row in units], people


def with_other_first_days(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    days = [TODAY - DAY * (number % 7 + 1) for number in range(len(people))]
    return units, [f"{row};;{day}" for row, day in zip(people, days, strict=True)]


def with_last_days_to_come(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return units, [f"{row};;;{AHEAD}" for row in people]


def with_a_second_municipality(units: Rows, people: Rows) -> tuple[Rows, Rows]:
    return [*units, "7;Nabo kommune;kommune;"], people


DAMAGE: list[tuple[Damage, set[str]]] = [
    (with_no_leader, {"leaders_ended"}),
    (with_other_leaders, {"leaders_replaced"}),
    (with_names_a_row_too_low, {"people_renamed"}),
    (with_addresses_a_row_too_low, {"addresses_changed", "addresses_moved"}),
    (with_another_domain, {"addresses_changed"}),
    (without_some_addresses, {"addresses_removed"}),
    (without_zeros_before_some_numbers, {"people_look_alike", "addresses_moved"}),
    (with_other_numbers_and_addresses, {"people_look_alike"}),
    (cut_short, {"people_ended", "positions_ended"}),
    (with_a_second_position_cut_away, {"positions_ended"}),
    (with_many_who_are_new, {"people_added"}),
    (under_one_agency, {"units_moved"}),
    (with_units_renamed, {"units_renamed"}),
    (
        with_units_cut_away,
        {"units_ended", "people_ended", "positions_ended", "leaders_ended"},
    ),
    (with_units_as_agencies, {"levels_changed"}),
    (with_units_that_begin_next_year, {"units_ended"}),
    (with_other_first_days, {"first_days_changed"}),
    (with_last_days_to_come, {"positions_ended"}),
    (with_a_second_municipality, {"top_units_added"}),
]
EXTRA = [
    f"00{n:03};Ansatt {n};ansatt{n}@solvik.example;401;Tillitsvalgt;nei" for n in range(100, 140)
]


def kinds_in(refusal: str) -> set[str]:
    return {line.rpartition("--accept ")[2].rstrip(".") for line in refusal.splitlines()[:-1]}


@pytest.mark.parametrize(("damage", "kinds"), DAMAGE, ids=lambda it: getattr(it, "__name__", ""))
def test_damaged_file_imports_nothing_until_its_kinds_are_accepted(
    staff: StaffFolder, damage: Damage, kinds: set[str]
) -> None:
    people = [*PEOPLE, *EXTRA]
    staff.write(UNITS, people)
    staff.run()
    before = everything()
    staff.write(*damage(UNITS, people))
    refusal = staff.stop(on=TODAY + DAY)
    assert kinds_in(refusal) == kinds
    assert refusal.endswith("\nIngenting er importert.")
    assert everything() == before
    *all_but_one, last = sorted(kinds)
    for_all_but_one = [f"--accept={kind}" for kind in all_but_one]
    assert kinds_in(staff.stop(*for_all_but_one, on=TODAY + DAY)) == {last}
    assert everything() == before
    staff.run(*for_all_but_one, f"--accept={last}", on=TODAY + DAY)
    assert staff.run(on=TODAY + DAY) == ["Ingen endringer."]


def test_every_kind_has_damage_that_stops_it_a_limit_and_words() -> None:
    assert {kind for _damage, kinds in DAMAGE for kind in kinds} == {
        kind.value for kind in JudgedKind
    }
    assert LIMITS.keys() == KIND_LABELS.keys() == set(JudgedKind)


HUNDRED, FIVE = "100\N{NO-BREAK SPACE}%", "5\N{NO-BREAK SPACE}%"


def test_refusal_names_kind_count_share_limit_and_how_to_accept(staff: StaffFolder) -> None:
    staff.write(UNITS, PEOPLE)
    staff.run()
    staff.write(*with_no_leader(UNITS, PEOPLE))
    assert staff.stop() == (
        f"Enheter som mister lederen: 30 av 30 ({HUNDRED}). Grensen er {FIVE}, og 10 uansett. "
        "Er det riktig, godta det med --accept leaders_ended.\n"
        "Ingenting er importert."
    )


def test_first_names_a_row_too_low_stop_and_a_column_that_comes_or_goes_does_not(
    staff: StaffFolder,
) -> None:
    header = PEOPLE_HEADER.replace(";epost", ";fornavn;epost")
    rows = cells(PEOPLE)

    def write(first_names: Rows) -> None:
        named = [[*row[:2], first, *row[2:]] for row, first in zip(rows, first_names, strict=True)]
        staff.people.write_text(lines(header, joined(named)), encoding="utf-8")

    own = [f"Fornavn{number}" for number in range(len(rows))]
    staff.write(UNITS, PEOPLE)
    staff.run()
    write(own)
    staff.run(on=TODAY + DAY)
    write([own[-1], *own[:-1]])
    assert kinds_in(staff.stop(on=TODAY + DAY)) == {"people_renamed"}
    staff.write(UNITS, PEOPLE)
    staff.run(on=TODAY + DAY)
    assert not User.objects.exclude(first_name="").exists()


def test_positions_that_are_lengthened_are_none_that_end(staff: StaffFolder) -> None:
    staff.write(UNITS, [f"{row};;;{AHEAD}" for row in PEOPLE])
    staff.run()
    staff.write(UNITS, [f"{row};;;{AHEAD + DAY}" for row in PEOPLE])
    staff.run(on=TODAY + DAY)
    assert set(Position.objects.values_list("valid_to", flat=True)) == {AHEAD + DAY}


def test_stopped_run_names_the_columns_that_it_has_not_read(staff: StaffFolder) -> None:
    staff.write(UNITS, PEOPLE)
    staff.run()
    staff.write(*with_no_leader(UNITS, PEOPLE))
    text = staff.people.read_text(encoding="utf-8")
    staff.people.write_text(text.replace(";språk;", ";Tonefall;", 1), encoding="utf-8")
    told = staff.stop(on=TODAY + DAY).splitlines()
    assert [told[0].rpartition(" ")[2], *told[1:]] == [
        "leaders_ended.",
        "people.csv: kolonner som ikke er lest: Tonefall",
        "Ingenting er importert.",
    ]


def test_dry_run_is_judged_too(staff: StaffFolder) -> None:
    staff.write(UNITS, PEOPLE)
    staff.run()
    staff.write(*with_no_leader(UNITS, PEOPLE))
    assert kinds_in(staff.stop("--dry-run")) == {"leaders_ended"}


def test_few_may_end_however_large_a_share_they_are(staff: StaffFolder) -> None:
    staff.write(UNITS, PEOPLE[30:56])
    staff.run()
    staff.write(UNITS, PEOPLE[30:31])
    staff.run(on=TODAY + DAY)
    assert Position.objects.valid_on(TODAY + DAY).count() == 1


def test_what_an_ordinary_night_changes_is_kept(staff: StaffFolder) -> None:
    staff.write(UNITS, PEOPLE)
    staff.run()
    rows = cells(PEOPLE)
    rows[4][1], rows[4][2] = "Gift", "gift@solvik.example"
    rows[0][5], rows[30][5] = "nei", "ja"
    new = "N1;Ny;ny@solvik.example;401;Stilling;nei"
    staff.write([*UNITS[:-1], "429;Nytt navn;enhet;3"], [*joined(rows[:-10]), new])
    staff.run(on=TODAY + DAY)
    assert Position.objects.valid_on(TODAY + DAY).count() == 391


def test_plan_for_a_day_ahead_that_is_called_off_counts_as_nothing(staff: StaffFolder) -> None:
    staff.write(UNITS, PEOPLE)
    staff.run()
    planned = [f"8{number:02};Ny {number};enhet;3" for number in range(20)]
    moved = [f"N{n};Ny {n};ny{n}@solvik.example;8{n % 20:02};Leder;" for n in range(45)]
    moved[:20] = [row + "ja" for row in moved[:20]]
    staff.write([*UNITS, *planned], [*PEOPLE, *moved])
    staff.run(on=AHEAD, today=TODAY)
    staff.write(UNITS, PEOPLE)
    staff.run(on=TODAY + DAY)
    assert (Unit.objects.count(), User.objects.count()) == (33, 400)


def test_limits_come_from_the_settings(staff: StaffFolder, settings) -> None:
    staff.write(UNITS, PEOPLE)
    staff.run()
    staff.write(UNITS, PEOPLE[1:])
    settings.STAFF_IMPORT_LIMITS = {"leaders_ended": "0.5/0", "people_ended": "100/0"}
    assert kinds_in(staff.stop(on=TODAY + DAY)) == {"leaders_ended"}


@pytest.mark.parametrize(
    "said", [{"ledere": "5/10"}, {"leaders_ended": "5"}, {"units_moved": "a/1"}]
)
def test_limits_that_cannot_be_read_stop_the_import(
    staff: StaffFolder, settings, said: dict[str, str]
) -> None:
    settings.STAFF_IMPORT_LIMITS = said
    with pytest.raises(ImproperlyConfigured, match="STAFF_IMPORT_LIMITS"):
        staff.run()


def test_unknown_kind_is_not_accepted(staff: StaffFolder) -> None:
    with pytest.raises((CommandError, AssertionError)):
        staff.run("--accept=everything")
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    ("count", "of", "is_allowed"),
    [(10, 10, True), (11, 100, False), (50, 1000, True), (51, 1000, False)],
)
def test_limit_is_a_share_and_always_a_few(count: int, of: int, is_allowed: bool) -> None:
    assert Limit(5, 10).allows(count, of) == is_allowed
