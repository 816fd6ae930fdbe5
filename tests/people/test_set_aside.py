"""What is set aside stays as it was: no row that cannot be read ends anything."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from people.models import Leadership, Position, Role, RoleGrant, Unit, User
from people.staff_import.changes import JudgedKind
from tests.factories import make_role
from tests.people.staff_files import PEOPLE, UNITS, StaffFolder
from tests.people.test_import_properties import some_people, some_units

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


def open_on(day: dt.date) -> set[tuple[object, ...]]:
    """Whatever holds on the day, by HR's ids."""
    return {
        *(("unit", *row) for row in Unit.objects.valid_on(day).values_list("hr_id")),
        *(
            ("position", *row)
            for row in Position.objects.valid_on(day).values_list(
                "user__hr_id", "unit__hr_id", "title"
            )
        ),
        *(
            ("leader", *row)
            for row in Leadership.objects.valid_on(day).values_list("user__hr_id", "unit__hr_id")
        ),
        *(
            ("role", *row)
            for row in RoleGrant.objects.valid_on(day).values_list("user__hr_id", "role")
        ),
    }


def people_open_on(day: dt.date) -> set[tuple[object, ...]]:
    return {one for one in open_on(day) if one[0] != "unit"}


def test_person_set_aside_keeps_positions_leaderships_and_roles(staff: StaffFolder) -> None:
    staff.run()
    make_role(User.objects.get(hr_id="P1"), Role.HR, Unit.objects.get(hr_id="20"), since=ON)
    before = open_on(ON + DAY)
    staff.write(people=[PEOPLE[0].replace("liv@", "liv(at)"), *PEOPLE[1:]])
    told = staff.run_and_set_aside(on=ON + DAY)
    assert told == [
        "people.csv, linje 2, kolonne «epost»: Ikke en e-postadresse, men tekst på 21 tegn"
    ]
    assert open_on(ON + DAY) == before


def test_person_with_one_row_set_aside_is_set_aside_whole(staff: StaffFolder) -> None:
    staff.run()
    before = open_on(ON + DAY)
    staff.write(
        people=[
            PEOPLE[0],
            "P2;Even Lie;even@solvik.example;202;Konsulent;nei;en",
            "P2;Even Lie;even@solvik.example;30;#N/A;;en",
            PEOPLE[3],
        ]
    )
    staff.run_and_set_aside(on=ON + DAY)
    assert open_on(ON + DAY) == before
    assert User.objects.get(hr_id="P2").name == "Even Moen"


def test_row_of_nobody_in_particular_ends_nothing_of_anybody(staff: StaffFolder) -> None:
    staff.run()
    make_role(User.objects.get(hr_id="P1"), Role.HR, Unit.objects.get(hr_id="20"), since=ON)
    before = open_on(ON + DAY)
    new = "P9;Kari Vik;kari@solvik.example;202;Vikar"
    staff.write(people=[";Liv Dahl;liv@solvik.example;201;Seksjonsleder;ja", PEOPLE[3], new])
    staff.run_and_set_aside(on=ON + DAY)
    assert open_on(ON + DAY) == before | {("position", "P9", "202", "Vikar")}


def test_whoever_is_in_no_row_at_all_ends_beside_one_that_is_set_aside(staff: StaffFolder) -> None:
    staff.run()
    staff.write(people=[PEOPLE[0], *(row.replace("even@", "even") for row in PEOPLE[1:3])])
    staff.run_and_set_aside(on=ON + DAY)
    held = Position.objects.valid_on(ON + DAY).values_list("user__hr_id", flat=True)
    assert sorted(held) == ["P1", "P2", "P2"]


def test_unit_set_aside_keeps_its_place_and_those_who_work_in_it(staff: StaffFolder) -> None:
    staff.run()
    before = open_on(ON + DAY)
    staff.write(units=[*UNITS[:2], "201;Nord;avdeling;20;seksjon", *UNITS[3:]])
    told = staff.run_and_set_aside(on=ON + DAY)
    fault = "Ikke en av kommune, virksomhet, enhet, men tekst på 8 tegn"
    assert told == [f"units.csv, linje 4, kolonne «nivå»: {fault}"]
    assert open_on(ON + DAY) == before
    assert Unit.objects.get(hr_id="201").name == "Hjemmetjenesten nord"


def test_new_unit_set_aside_takes_what_is_below_it_along(staff: StaffFolder) -> None:
    staff.write(
        units=[*UNITS, "40;Ny;fylke;1", "401;Under;enhet;40"],
        people=[*PEOPLE, "P9;Kari Vik;kari@solvik.example;401;Vikar"],
    )
    told = staff.run_and_set_aside()
    assert told == [
        "people.csv, linje 6, kolonne «enhet»: Ukjent enhet (tall på 3 tegn)",
        "units.csv, linje 7, kolonne «nivå»: "
        "Ikke en av kommune, virksomhet, enhet, men tekst på 5 tegn",
        "units.csv, linje 8, kolonne «over»: Raden til enheten «40» er satt til side",
    ]
    assert set(Unit.objects.values_list("hr_id", flat=True)) == {"1", "20", "201", "202", "30"}
    assert User.objects.count() == 3


def test_unit_above_one_that_is_set_aside_does_not_end_by_being_left_out(
    staff: StaffFolder,
) -> None:
    staff.run()
    staff.write(units=[UNITS[0], "201;Nord;fylke;20", UNITS[4]], people=[PEOPLE[0], *PEOPLE[2:]])
    staff.run_and_set_aside(on=ON + DAY)
    kept = set(Unit.objects.valid_on(ON + DAY).values_list("hr_id", flat=True))
    assert kept == {"1", "20", "201", "30"}
    assert Unit.objects.get(hr_id="201").agency == Unit.objects.get(hr_id="20")


def test_unit_of_no_number_ends_no_unit(staff: StaffFolder) -> None:
    staff.run()
    staff.write(units=[*UNITS[:3], ";Hjemmetjenesten sør;enhet;20;seksjon", UNITS[4]])
    staff.run_and_set_aside(on=ON + DAY)
    assert Unit.objects.valid_on(ON + DAY).count() == 5


def test_two_leaders_leave_the_one_there_is(staff: StaffFolder) -> None:
    staff.run()
    two = [
        "P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;nei;nb;01.03.2024",
        "P2;Even Moen;even@solvik.example;201;Helsefagarbeider;ja;en",
        "P3;Olav Aas;olav@solvik.example;201;Direktør;ja",
    ]
    staff.write(people=two)
    fault = "people.csv, linje 4, kolonne «leder»: Enheten har allerede en leder, på linje 3"
    assert staff.run_and_set_aside(on=ON + DAY) == [fault]
    held = Leadership.objects.valid_on(ON + DAY).filter(unit__hr_id="201")
    assert held.get().user.hr_id == "P1"


def test_leader_who_has_left_leads_no_more_though_two_are_named(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        people=[
            "P2;Even Moen;even@solvik.example;201;Helsefagarbeider;ja;en",
            "P3;Olav Aas;olav@solvik.example;201;Direktør;ja",
        ]
    )
    staff.run_and_set_aside(on=ON + DAY)
    assert not Leadership.objects.valid_on(ON + DAY).filter(unit__hr_id="201").exists()


def test_address_of_somebody_set_aside_is_not_given_to_another(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        people=[
            PEOPLE[0].replace(";ja;", ";kanskje;").replace("liv@", "ny@"),
            *(row.replace("even@", "liv@") for row in PEOPLE[1:3]),
            PEOPLE[3].replace("olav@", "even@"),
        ]
    )
    contested = "kolonne «epost»: Adressen tilhører noen som har en rad som er satt til side"
    assert staff.run_and_set_aside(on=ON + DAY) == [
        "people.csv, linje 2, kolonne «leder»: Verken ja eller nei, men tekst på 7 tegn",
        f"people.csv, linje 3, {contested}",
        f"people.csv, linje 5, {contested}",
    ]
    addresses = User.objects.order_by("hr_id").values_list("email", flat=True)
    assert list(addresses) == [f"{name}@solvik.example" for name in ("liv", "even", "olav")]


def test_two_part_positions_with_one_title_are_one_while_either_lasts(staff: StaffFolder) -> None:
    row = "P2;Even Moen;even@solvik.example;201;Helsefagarbeider;nei;en;{};{}"
    staff.write(
        people=[
            PEOPLE[0],
            row.format("2025-01-01", "2027-01-01"),
            row.format("2024-01-01", "2028-01-01"),
            row.format("2020-01-01", "2021-01-01"),
        ]
    )
    staff.run()
    place = Position.objects.get(user__hr_id="P2")
    assert (place.valid_from, place.valid_to) == (dt.date(2024, 1, 1), dt.date(2028, 1, 1))
    assert staff.run(on=ON + DAY) == ["Ingen endringer."]


EVERYTHING = [f"--accept={kind.value}" for kind in JudgedKind]
BREAKS = [
    lambda row: row.replace("@", " at "),
    lambda row: row.replace(";", ";;", 1),
    lambda row: row[row.index(";") :],
    lambda row: row.replace("Navn", "#N/A"),
    lambda row: row.replace("Enhet", "Bj?rn"),
    lambda row: f"{row};31.02.2026",
    lambda row: row.replace(";", ';"', 1),
    lambda row: row.rsplit(";", 1)[0],
]
"""What happens to a row; some of it does no harm."""


@pytest.mark.parametrize("seed", range(12))
def test_rows_set_aside_end_nothing_that_the_whole_file_would_not(
    staff: StaffFolder, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 (the same files every time)
    units = some_units(dice, ON)
    staff.write(units, some_people(dice, units, ON))
    staff.run(*EVERYTHING)
    for user in User.objects.all():
        make_role(user, Role.HR, Unit.objects.get(hr_id="1"), since=ON)
    before = open_on(ON + 20 * DAY)
    later = some_units(dice, ON + 20 * DAY)
    people = some_people(dice, later, ON + 20 * DAY)
    damaged = [dice.choice(BREAKS)(row) if dice.random() < 0.4 else row for row in people]
    damaged_units = [dice.choice(BREAKS)(row) if dice.random() < 0.2 else row for row in later]
    staff.write([later[0], *damaged_units[1:]], damaged)
    staff.run_whatever(*EVERYTHING, on=ON + 20 * DAY)
    ended = before - open_on(ON + 20 * DAY)
    staff.write(later, people)
    staff.run(*EVERYTHING, on=ON + 20 * DAY)
    assert ended <= before - open_on(ON + 20 * DAY)
