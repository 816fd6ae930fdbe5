"""What HR's files do to the organisation, from one run to the next."""

import datetime as dt
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from people.models import (
    AuditRecord,
    Leadership,
    Level,
    Position,
    Role,
    RoleGrant,
    StaffImportRun,
    Unit,
    User,
)
from people.rules import may_sign_in
from people.staff_import.run import LOCK
from tests.factories import make_leadership, make_position, make_role, make_user
from tests.machine import PATIENCE
from tests.people.staff_files import PEOPLE, UNITS, StaffFolder

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)
TABLES = (Unit, Unit.successors.through, User, Position, Leadership, RoleGrant, AuditRecord)


def everything() -> list[list[tuple]]:
    return [list(table.objects.order_by("pk").values_list()) for table in TABLES]


def unit(hr_id: str) -> Unit:
    return Unit.objects.get(hr_id=hr_id)


def user(hr_id: str) -> User:
    return User.objects.get(hr_id=hr_id)


def days(rows) -> list[tuple[dt.date, dt.date | None]]:
    return list(rows.order_by("valid_from").values_list("valid_from", "valid_to"))


def test_first_import_makes_units_people_positions_and_leaders(staff: StaffFolder) -> None:
    staff.run()
    nord = unit("201")
    assert (nord.name, nord.level, nord.level_name) == (
        "Hjemmetjenesten nord",
        Level.UNIT,
        "seksjon",
    )
    assert (nord.parent, nord.agency) == (unit("20"), unit("20"))
    assert (unit("20").agency, unit("1").agency) == (unit("20"), None)
    assert (unit("20").short_name, unit("20").valid_from) == ("BFJ", dt.date(2020, 1, 1))
    assert (nord.valid_from, nord.valid_to) == (ON, None)
    assert (unit("1").level_name, unit("1").parent) == ("kommune", None)
    even = user("P2")
    assert (even.name, even.email, even.language) == ("Even Moen", "even@solvik.example", "en")
    assert not even.has_usable_password()
    assert {(p.unit, p.title, p.valid_from, p.valid_to) for p in even.positions.all()} == {
        (nord, "Helsefagarbeider", ON, None),
        (unit("30"), "Kursholder", ON, dt.date(2030, 6, 30)),
    }
    assert days(user("P1").positions) == [(dt.date(2024, 3, 1), None)]
    assert {(one.unit, one.user, one.valid_from) for one in Leadership.objects.all()} == {
        (nord, user("P1"), dt.date(2024, 3, 1)),
        (unit("30"), user("P3"), ON),
    }


def test_what_changed_is_counted_and_listed(staff: StaffFolder) -> None:
    said = staff.run()
    assert "Nye enheter: 5" in said
    assert "  Hjemmetjenesten nord (201)" in said
    assert "Nye personer: 3" in said
    assert "  Even Moen (P2)" in said
    assert "Nye stillinger: 4" in said
    assert "  P2: Kursholder, 30" in said
    assert "Nye ledere: 2" in said


def test_without_verbosity_changes_are_only_counted(staff: StaffFolder) -> None:
    assert staff.run("--verbosity", "0") == [
        "Nye enheter: 5",
        "Nye personer: 3",
        "Nye stillinger: 4",
        "Nye ledere: 2",
    ]


@pytest.mark.parametrize("later", [dt.timedelta(0), DAY, 400 * DAY])
def test_second_run_changes_nothing(staff: StaffFolder, later: dt.timedelta) -> None:
    staff.run()
    before = everything()
    assert staff.run(on=ON + later) == ["Ingen endringer."]
    assert everything() == before


def test_the_same_in_other_spaces_is_no_change(staff: StaffFolder) -> None:
    """As a spreadsheet or a web page pastes them: within words and around ids."""
    staff.run()
    before = everything()

    def in_no_break_spaces(row: str) -> str:
        cells = row.replace(" ", "\N{NO-BREAK SPACE}").split(";")
        return ";".join(
            f"\N{NO-BREAK SPACE}{cell}\N{NARROW NO-BREAK SPACE}" if cell else "" for cell in cells
        )

    staff.write(units=[*map(in_no_break_spaces, UNITS)], people=[*map(in_no_break_spaces, PEOPLE)])
    assert staff.run() == ["Ingen endringer."]
    assert everything() == before


def test_dry_run_says_the_same_and_stores_nothing(staff: StaffFolder) -> None:
    said = staff.run("--dry-run")
    assert everything() == [[], [], [], [], [], [], []]
    assert said == [*staff.run(), "Prøvekjøring: ingenting er lagret."]


def test_run_is_one_audit_record_with_its_counts(staff: StaffFolder) -> None:
    staff.run()
    record = AuditRecord.objects.get()
    assert (record.action, record.object_id, record.actor) == (
        "import_staff",
        str(unit("1").pk),
        None,
    )
    assert record.details == {
        "on": "2026-11-24",
        "counts": {
            "units_added": 5,
            "people_added": 3,
            "positions_started": 4,
            "leaderships_started": 2,
        },
    }


def test_today_is_the_day_unless_told_otherwise(staff: StaffFolder, today: dt.date) -> None:
    files = ["--units", str(staff.units), "--people", str(staff.people)]
    call_command("import_staff", *files, verbosity=0)
    assert unit("201").valid_from == today


def test_unit_is_renamed_and_moved_with_its_agency_and_those_below(staff: StaffFolder) -> None:
    staff.write(units=[*UNITS, "2011;Vakt;enhet;201"])
    staff.run()
    staff.write(units=[*UNITS[:2], "201;Nord;enhet;30;seksjon", *UNITS[3:], "2011;Vakt;enhet;201"])
    said = staff.run(on=ON + DAY)
    assert said == [
        "Endrede enheter: 1",
        "  Hjemmetjenesten nord (201) → Nord (201)",
        "Flyttede enheter: 1",
        "  Nord (201)",
    ]
    assert (unit("201").name, unit("201").parent, unit("201").agency) == (
        "Nord",
        unit("30"),
        unit("30"),
    )
    assert unit("2011").agency == unit("30")


def test_existing_unit_can_move_below_a_new_one(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        units=[
            *UNITS[:2],
            "201;Hjemmetjenesten nord;enhet;25;seksjon",
            *UNITS[3:],
            "25;Helse;enhet;20",
        ]
    )
    staff.run(on=ON + DAY)
    assert unit("201").parent == unit("25")
    assert unit("25").agency == unit("20")


def test_unit_not_listed_any_more_ended_the_day_before(staff: StaffFolder) -> None:
    staff.run()
    staff.write(units=[UNITS[0], *UNITS[1:3], UNITS[4]])
    assert staff.run(on=ON + 10 * DAY) == [
        "Avsluttede enheter: 1",
        "  Hjemmetjenesten sør (202)",
    ]
    assert (unit("202").valid_to, unit("202").agency) == (ON + 9 * DAY, unit("20"))
    assert staff.run(on=ON + 11 * DAY) == ["Ingen endringer."]


def test_unit_taken_back_the_day_it_came_had_that_day(staff: StaffFolder) -> None:
    staff.run()
    staff.write(units=[*UNITS[:3], UNITS[4]])
    staff.run()
    assert unit("202").valid_to == ON
    assert staff.run() == ["Ingen endringer."]


def test_unit_listed_again_is_open_again(staff: StaffFolder) -> None:
    staff.run()
    staff.write(units=[*UNITS[:3], UNITS[4]])
    staff.run(on=ON + DAY)
    staff.write(units=UNITS)
    assert staff.run(on=ON + 2 * DAY)[0] == "Gjenåpnede enheter: 1"
    assert unit("202").valid_to is None


def test_merged_units_have_a_successor_and_keep_it(staff: StaffFolder) -> None:
    staff.run()
    merged = [
        *UNITS[:2],
        "201;Hjemmetjenesten nord;enhet;20;seksjon;;;;203 20",
        "202;Hjemmetjenesten sør;enhet;20;seksjon;;;2026-12-31;203",
        UNITS[4],
        "203;Hjemmetjenesten;enhet;20;seksjon",
    ]
    people = [row.replace(";201;", ";203;") for row in PEOPLE]
    staff.write(units=merged, people=people)
    staff.run(on=ON + 10 * DAY)
    assert set(unit("201").successors.all()) == {unit("203"), unit("20")}
    assert unit("201").valid_to == ON + 9 * DAY
    assert unit("202").valid_to == dt.date(2026, 12, 31)
    assert set(unit("203").predecessors.all()) == {unit("201"), unit("202")}
    assert staff.run(on=ON + 11 * DAY) == ["Ingen endringer."]
    staff.write(units=[*UNITS[:2], UNITS[4], merged[-1]])
    staff.run(on=dt.date(2027, 2, 1))
    assert set(unit("203").predecessors.all()) == {unit("201"), unit("202")}


def test_successors_can_be_corrected(staff: StaffFolder) -> None:
    ended = "202;Hjemmetjenesten sør;enhet;20;seksjon;;2020-01-01;2026-01-01;{}"
    staff.write(units=[*UNITS[:3], ended.format("201"), UNITS[4]])
    staff.run()
    staff.write(units=[*UNITS[:3], ended.format("30"), UNITS[4]])
    assert staff.run() == ["Endrede enheter: 1", "  Hjemmetjenesten sør (202)"]
    assert list(unit("202").successors.all()) == [unit("30")]


def test_new_unit_that_has_ended_already_begins_no_later_than_it_ends(
    staff: StaffFolder,
) -> None:
    staff.write(units=[*UNITS, "9;Gammel;enhet;20;;;;2019-05-01;30"])
    staff.run()
    assert (unit("9").valid_from, unit("9").valid_to) == (dt.date(2019, 5, 1),) * 2


def test_person_not_listed_any_more_is_kept_without_position_leadership_or_role(
    staff: StaffFolder,
) -> None:
    staff.run()
    make_role(user("P1"), Role.ORGANISER, unit("20"), since=ON)
    make_role(user("P1"), Role.HR, unit("20"), since=ON + 30 * DAY)
    make_role(user("P2"), Role.HR, unit("20"), since=ON)
    staff.write(people=PEOPLE[1:])
    later = ON + 10 * DAY
    said = staff.run(on=later)
    assert said == [
        "Avsluttede stillinger: 1",
        "  P1: Seksjonsleder, 201",
        "Avsluttede lederforhold: 1",
        "  201",
        "Avsluttede roller: 2",
        "  Liv Dahl (P1), arrangør, Bydel Fjordbyen",
        "  Liv Dahl (P1), HR, Bydel Fjordbyen",
    ]
    left = user("P1")
    assert days(left.positions) == [(dt.date(2024, 3, 1), later - DAY)]
    assert days(left.leaderships) == [(dt.date(2024, 3, 1), later - DAY)]
    assert days(left.role_grants) == [(ON, later - DAY)]
    assert may_sign_in(left, later - DAY)
    assert not may_sign_in(left, later)
    assert days(user("P2").role_grants) == [(ON, None)]
    assert AuditRecord.objects.filter(action="end_role").count() == 2
    assert staff.run(on=later) == ["Ingen endringer."]


def test_position_of_a_person_listed_elsewhere_ends_alone(staff: StaffFolder) -> None:
    staff.run()
    staff.write(people=[*PEOPLE[:2], PEOPLE[3]])
    staff.run(on=ON + 10 * DAY)
    held = user("P2").positions.valid_on(ON + 10 * DAY)
    assert [position.title for position in held] == ["Helsefagarbeider"]


def test_position_begun_on_the_day_itself_holds_that_day(staff: StaffFolder) -> None:
    staff.run()
    staff.write(people=[PEOPLE[0], *PEOPLE[2:]])
    staff.run()
    helper = user("P2").positions.filter(title="Helsefagarbeider")
    assert days(helper) == [(ON, ON)]
    assert staff.run() == ["Ingen endringer."]
    staff.write(people=PEOPLE)
    staff.run()
    assert days(helper) == [(ON, None)]


def test_position_to_come_can_be_taken_back(staff: StaffFolder) -> None:
    coming = "P4;Nils Berg;nils@solvik.example;202;Leder;ja;;2027-01-01"
    staff.write(people=[*PEOPLE, coming])
    staff.run()
    assert days(user("P4").leaderships) == [(dt.date(2027, 1, 1), None)]
    staff.write(people=PEOPLE)
    said = staff.run()
    assert said == [
        "Avsluttede stillinger: 1",
        "  P4: Leder, 202",
        "Avsluttede lederforhold: 1",
        "  202",
    ]
    assert (days(user("P4").positions), days(user("P4").leaderships)) == ([], [])


@pytest.mark.parametrize(
    ("first", "last", "led"),
    [
        ("2027-02-01", "", (dt.date(2027, 2, 1), None)),
        ("2026-12-01", "2026-12-24", (dt.date(2026, 12, 1), dt.date(2026, 12, 24))),
        ("", "2026-12-24", (ON, dt.date(2026, 12, 24))),
        ("2020-01-01", "", (dt.date(2020, 1, 1), None)),
    ],
)
def test_leadership_to_come_moves_with_its_position(
    staff: StaffFolder, first: str, last: str, led: tuple
) -> None:
    row = "P4;Nils Berg;nils@solvik.example;202;Leder;ja;;{};{}"
    staff.write(people=[*PEOPLE, row.format("2027-01-01", "")])
    staff.run()
    staff.write(people=[*PEOPLE, row.format(first, last)])
    staff.run()
    assert days(user("P4").leaderships) == [led]
    assert staff.run() == ["Ingen endringer."]


def test_position_held_before_begins_anew_after_its_last_day(staff: StaffFolder) -> None:
    staff.run()
    staff.write(people=PEOPLE[1:])
    staff.run(on=ON + 10 * DAY)
    staff.write(people=PEOPLE)
    staff.run(on=ON + 20 * DAY)
    assert days(user("P1").positions) == [
        (dt.date(2024, 3, 1), ON + 9 * DAY),
        (ON + 10 * DAY, None),
    ]
    assert staff.run(on=ON + 21 * DAY) == ["Ingen endringer."]


def test_position_begun_anew_that_ended_before_that_is_over(staff: StaffFolder) -> None:
    staff.run()
    staff.write(people=PEOPLE[1:])
    staff.run(on=ON + 10 * DAY)
    staff.write(people=PEOPLE)
    staff.run(on=ON + 20 * DAY)
    staff.write(people=[f"{PEOPLE[0]};2026-11-30", *PEOPLE[1:]])
    later = ON + 30 * DAY
    staff.run(on=later)
    assert not user("P1").positions.valid_on(later).exists()
    assert user("P1").positions.count() == 2
    assert staff.run(on=later) == ["Ingen endringer."]


def test_corrected_dates_of_a_position_are_taken_over(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        people=["P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;ja;;2023-01-01;2027-01-01"]
    )
    said = staff.run()
    assert "Endrede stillinger: 1" in said
    assert "Endrede lederforhold: 1" in said
    assert days(user("P1").positions) == [(dt.date(2023, 1, 1), dt.date(2027, 1, 1))]
    assert days(user("P1").leaderships) == [(dt.date(2024, 3, 1), dt.date(2027, 1, 1))]


def test_position_listed_with_an_end_behind_it_ends_there(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        people=["P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;ja;;;2025-05-01", *PEOPLE[1:]]
    )
    staff.run(on=ON + DAY)
    assert days(user("P1").positions) == [(dt.date(2024, 3, 1), dt.date(2025, 5, 1))]
    assert not Leadership.objects.valid_on(ON + DAY).filter(unit=unit("201")).exists()


def test_position_that_ended_before_the_first_import_is_not_made(staff: StaffFolder) -> None:
    staff.write(people=[*PEOPLE, "P4;Nils;nils@solvik.example;202;Leder;;;2020-01-01;2021-01-01"])
    staff.run()
    assert days(user("P4").positions) == []
    assert staff.run() == ["Ingen endringer."]


def test_new_leader_follows_upon_the_last_one(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        people=[
            "P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;nei;;01.03.2024",
            "P2;Even Moen;even@solvik.example;201;Helsefagarbeider;ja;en",
            *PEOPLE[2:],
        ]
    )
    assert staff.run(on=ON + 10 * DAY) == [
        "Nye ledere: 1",
        "  P2, 201",
        "Avsluttede lederforhold: 1",
        "  201",
    ]
    assert days(unit("201").leaderships) == [
        (dt.date(2024, 3, 1), ON + 9 * DAY),
        (ON + 10 * DAY, None),
    ]


def test_leader_changed_twice_on_a_day_leaves_the_last(staff: StaffFolder) -> None:
    staff.write(people=[*PEOPLE[:3], "P3;Olav Aas;olav@solvik.example;30;Direktør;nei"])
    staff.run()
    for leader in ("P2", "P3"):
        flag = {name: "ja" if name == leader else "nei" for name in ("P2", "P3")}
        staff.write(
            people=[
                *PEOPLE[:2],
                f"P2;Even Moen;even@solvik.example;30;Kursholder;{flag['P2']};en;;2030-06-30",
                f"P3;Olav Aas;olav@solvik.example;30;Direktør;{flag['P3']}",
            ]
        )
        staff.run()
    assert [one.user for one in unit("30").leaderships.all()] == [user("P3")]


def test_new_leader_with_an_old_position_does_not_lead_before_the_day(
    staff: StaffFolder,
) -> None:
    staff.write(people=["P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;nei;nb;01.03.2024"])
    staff.run()
    staff.write(people=PEOPLE[:1])
    staff.run(on=ON + 5 * DAY)
    assert days(user("P1").leaderships) == [(ON + 5 * DAY, None)]


def test_leader_whom_hr_does_not_know_leads_until_hr_names_another(staff: StaffFolder) -> None:
    staff.run()
    guest = make_user("Gjest", hr_id=None)
    make_position(guest, unit("202"), since=ON)
    make_leadership(guest, unit("202"), since=ON)
    assert staff.run(on=ON + DAY) == ["Ingen endringer."]
    staff.write(people=[*PEOPLE, "P4;Nils Berg;nils@solvik.example;202;Leder;ja"])
    staff.run(on=ON + 2 * DAY)
    assert days(guest.leaderships) == [(ON, ON + DAY)]
    assert days(guest.positions) == [(ON, None)]
    assert days(user("P4").leaderships) == [(ON + 2 * DAY, None)]


def test_name_and_address_follow_the_number(staff: StaffFolder) -> None:
    staff.run()
    EmailAddress.objects.create(user=user("P1"), email="liv@solvik.example", verified=True)
    before = user("P1").pk
    staff.write(people=[PEOPLE[0].replace("Liv Dahl;liv", "Liv Vik;liv.vik"), *PEOPLE[1:]])
    assert staff.run() == [
        "Endrede personer: 1",
        "  Liv Dahl (P1), liv@solvik.example → Liv Vik, liv.vik@solvik.example",
    ]
    assert (user("P1").pk, user("P1").name, user("P1").email) == (
        before,
        "Liv Vik",
        "liv.vik@solvik.example",
    )
    assert not EmailAddress.objects.exists()


def test_new_name_alone_leaves_the_address_confirmed(staff: StaffFolder) -> None:
    staff.run()
    EmailAddress.objects.create(user=user("P1"), email="liv@solvik.example", verified=True)
    staff.write(people=[PEOPLE[0].replace("Liv Dahl", "Liv Vik"), *PEOPLE[1:]])
    staff.run()
    assert EmailAddress.objects.get().user == user("P1")


def test_two_people_can_change_addresses(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        people=[
            PEOPLE[0].replace("liv@", "olav@"),
            *PEOPLE[1:3],
            PEOPLE[3].replace("olav@", "liv@"),
        ]
    )
    staff.run()
    assert user("P1").email == "olav@solvik.example"
    assert user("P3").email == "liv@solvik.example"


def test_address_of_somebody_who_left_passes_on(staff: StaffFolder) -> None:
    staff.run()
    EmailAddress.objects.create(user=user("P1"), email="liv@solvik.example", verified=True)
    staff.write(people=["P9;Liv Lie;liv@solvik.example;201;Seksjonsleder;ja", *PEOPLE[1:]])
    said = staff.run(on=ON + DAY)
    assert "Frigitte e-postadresser: 1" in said
    assert user("P9").email == "liv@solvik.example"
    assert user("P1").email is None
    assert not EmailAddress.objects.exists()


def test_own_choice_of_language_is_left_alone(staff: StaffFolder) -> None:
    staff.run()
    User.objects.filter(hr_id="P1").update(language="en")
    assert staff.run() == ["Ingen endringer."]
    assert (user("P1").language, user("P3").language) == ("en", "nb")


def test_administrator_made_by_hand_is_recognised_by_the_address(staff: StaffFolder) -> None:
    first = make_user("L. Dahl", email="liv@solvik.example", hr_id=None)
    bystander = make_user("Gjest", hr_id=None)
    staff.run()
    assert (user("P1"), user("P1").name) == (first, "Liv Dahl")
    bystander.refresh_from_db()
    assert bystander.hr_id is None


def test_address_of_an_account_that_is_not_from_hr_is_not_taken(staff: StaffFolder) -> None:
    staff.run()
    make_user("Gjest", email="gjest@solvik.example", hr_id=None)
    staff.write(people=[PEOPLE[0].replace("liv@", "gjest@"), *PEOPLE[1:]])
    assert staff.run_and_set_aside() == [
        "people.csv, linje 2, kolonne «epost»: Adressen er i bruk på en konto som ikke er fra HR"
    ]
    assert user("P1").email == "liv@solvik.example"


def test_files_with_a_fault_leave_everything_as_it_was(staff: StaffFolder) -> None:
    staff.run()
    before = everything()
    staff.write(units=UNITS[:3], people=["P7;Ny;ny@solvik.example;201;Leder;ja"])
    staff.people.write_text("hr_id;navn\nP7;Ny\n", encoding="utf-8")
    staff.refuse()
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time(staff: StaffFolder) -> None:
    held, done = threading.Event(), threading.Event()

    def other_run() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            done.wait(PATIENCE)
        connection.close()

    other = threading.Thread(target=other_run)
    other.start()
    assert held.wait(PATIENCE)
    with pytest.raises(CommandError, match=r"^En import kjører allerede\.$"):
        staff.run_unchecked()
    assert not Unit.objects.exists()
    assert not StaffImportRun.objects.exists()
    done.set()
    other.join()
    staff.run()
    assert Unit.objects.count() == 5


MOVED = [row.replace(";201;", ";202;").replace("01.03.2024", "01.01.2027") for row in PEOPLE]
"""A reform at New Year: those of 201 work in 202 from then on."""


def places() -> list[tuple[str, str, dt.date, dt.date | None]]:
    rows = Position.objects.order_by("user__hr_id", "unit__hr_id", "title", "valid_from")
    return list(rows.values_list("user__hr_id", "unit__hr_id", "valid_from", "valid_to"))


def test_reform_imported_ahead_and_called_off_leaves_everything_as_it_was(
    staff: StaffFolder,
) -> None:
    staff.run()
    before, ahead = places(), ON + 38 * DAY
    staff.write(people=MOVED)
    staff.run(on=ahead, today=ON)
    staff.write(people=PEOPLE)
    staff.run(on=ahead, today=ON)
    staff.run(on=ON + DAY)
    assert places() == before
    assert staff.run(on=ON + 2 * DAY) == ["Ingen endringer."]


def test_position_held_now_and_again_later_ends_whole_when_it_is_listed_no_more(
    staff: StaffFolder,
) -> None:
    staff.run()
    ahead = ON + 38 * DAY
    staff.write(people=MOVED)
    staff.run(on=ahead, today=ON)
    staff.write(people=PEOPLE)
    staff.run(on=ahead, today=ON)
    staff.write(people=PEOPLE[1:])
    staff.run(on=ON + DAY)
    held = Position.objects.filter(user__hr_id="P1").values_list("unit__hr_id", "valid_to")
    assert list(held) == [("201", ON)]
    assert staff.run(on=ON + 2 * DAY) == ["Ingen endringer."]
