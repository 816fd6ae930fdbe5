"""Files for a day ahead: what they plan, what they leave alone, and how they are called off."""

import datetime as dt

import pytest

from people.models import FormerName, Leadership, Position, Role, RoleGrant, Unit, User
from people.rules import may_sign_in
from tests.factories import make_leadership, make_role, make_user
from tests.people.staff_files import PEOPLE, UNITS, StaffFolder

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
AHEAD = dt.date(2027, 1, 1)
DAY = dt.timedelta(days=1)
NEW = "P7;Ny Leder;ny@solvik.example;203;Seksjonsleder;ja;en"


def unit(hr_id: str) -> Unit:
    return Unit.objects.get(hr_id=hr_id)


def user(hr_id: str) -> User:
    return User.objects.get(hr_id=hr_id)


def people() -> list[tuple]:
    return list(User.objects.order_by("pk").values_list("hr_id", "name", "email", "language"))


def test_person_who_leaves_at_new_year_keeps_role_name_and_address_until_then(
    staff: StaffFolder,
) -> None:
    staff.run()
    make_role(user("P1"), Role.HR, unit("20"), since=TODAY)
    before = people()
    staff.write(people=["P9;Ny;liv@solvik.example;201;Seksjonsleder;ja", *PEOPLE[1:]])
    staff.run(on=AHEAD, today=TODAY)
    assert people()[:3] == before
    assert may_sign_in(user("P1"), AHEAD - DAY)
    assert [grant.valid_to for grant in RoleGrant.objects.all()] == [None]
    assert (user("P9").email, user("P9").is_to_come) == (None, True)
    assert not may_sign_in(user("P9"), AHEAD - DAY)
    staff.run(on=AHEAD)
    assert (user("P9").email, user("P9").is_to_come) == ("liv@solvik.example", False)
    assert [grant.valid_to for grant in RoleGrant.objects.all()] == [AHEAD - DAY]
    assert not may_sign_in(user("P1"), AHEAD)


def test_new_names_and_addresses_wait_for_the_file_of_the_day(staff: StaffFolder) -> None:
    staff.run()
    before = people()
    staff.write(people=[row.replace("Liv Dahl;liv", "Liv Vik;vik") for row in PEOPLE])
    assert staff.run(on=AHEAD, today=TODAY) == ["Ingen endringer."]
    assert people() == before
    assert not FormerName.objects.exists()
    staff.run(on=AHEAD)
    assert (user("P1").name, user("P1").email) == ("Liv Vik", "vik@solvik.example")


def test_units_are_renamed_moved_and_succeeded_by_the_file_of_the_day(staff: StaffFolder) -> None:
    staff.run()
    reform = [
        *UNITS[:2],
        "201;Nord;enhet;30;seksjon",
        "202;Hjemmetjenesten sør;enhet;20;seksjon;;;;201",
        UNITS[4],
    ]
    staff.write(units=reform)
    staff.run(on=AHEAD, today=TODAY)
    assert (unit("201").name, unit("201").parent) == ("Hjemmetjenesten nord", unit("20"))
    assert unit("202").valid_to == AHEAD - DAY
    assert not unit("202").successors.exists()
    staff.run(on=AHEAD)
    assert (unit("201").name, unit("201").agency) == ("Nord", unit("30"))
    assert (unit("202").valid_to, list(unit("202").successors.all())) == (
        AHEAD - DAY,
        [unit("201")],
    )


def test_days_before_the_day_of_the_file_are_not_touched(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        units=[
            *UNITS,
            "203;Ny;enhet;20;;;2020-01-01",
            "204;Gammel;enhet;20;;;2019-01-01;2020-01-01",
        ],
        people=[
            "P1;Liv Dahl;liv@solvik.example;201;Seksjonsleder;ja;;2020-01-01;2026-12-01",
            *PEOPLE[1:],
            "P8;Ny;ny@solvik.example;203;Leder;ja;;2020-01-01",
            "P9;Sluttet;sluttet@solvik.example;203;Leder;;;2020-01-01;2021-01-01",
        ],
    )
    staff.run(on=AHEAD, today=TODAY)
    held = Position.objects.get(user=user("P1"))
    assert (held.valid_from, held.valid_to) == (dt.date(2024, 3, 1), AHEAD - DAY)
    assert unit("203").valid_from == AHEAD
    assert Position.objects.get(user=user("P8")).valid_from == AHEAD
    assert Leadership.objects.get(user=user("P8")).valid_from == AHEAD
    assert not Unit.objects.filter(hr_id="204").exists()
    assert not User.objects.filter(hr_id="P9").exists()


def test_unit_that_has_ended_is_open_again_on_the_day_itself(staff: StaffFolder) -> None:
    staff.run()
    staff.write(units=[*UNITS[:3], UNITS[4]])
    staff.run(on=TODAY + DAY)
    staff.write(units=UNITS)
    staff.run(on=AHEAD, today=TODAY + 2 * DAY)
    assert unit("202").valid_to == TODAY
    staff.run(on=AHEAD)
    assert unit("202").valid_to is None


def test_unit_and_people_that_were_to_come_and_do_not_leave_no_row(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        units=[*UNITS, "203;Ny;enhet;20", "2031;Under;enhet;203", "40;Etat;virksomhet;1"],
        people=[*PEOPLE, NEW],
    )
    staff.run(on=AHEAD, today=TODAY)
    assert unit("40").agency == unit("40")
    staff.write(units=UNITS, people=PEOPLE)
    said = staff.run(on=TODAY + DAY)
    assert "Personer som likevel ikke begynner: 1" in said
    assert "Avsluttede enheter: 3" in said
    assert (Unit.objects.count(), User.objects.count()) == (5, 3)
    assert staff.run(on=TODAY + DAY) == ["Ingen endringer."]


def test_what_something_hangs_on_stays_though_it_never_came(staff: StaffFolder) -> None:
    staff.run()
    staff.write(
        units=[*UNITS, "203;Ny;enhet;20", "2031;Under;enhet;203", "204;Ny;enhet;20"],
        people=[*PEOPLE, NEW],
    )
    staff.run(on=AHEAD, today=TODAY)
    make_role(user("P2"), Role.HR, unit("2031"), since=TODAY)
    RoleGrant.objects.create(
        user=user("P3"), role=Role.HR, unit=unit("1"), granted_by=user("P7"), valid_from=TODAY
    )
    staff.write(units=UNITS, people=PEOPLE)
    staff.run(on=TODAY + DAY)
    assert not Unit.objects.filter(hr_id="204").exists()
    assert {unit("203").valid_to, unit("2031").valid_to} == {TODAY}
    assert not user("P7").positions.exists()
    assert staff.run(on=TODAY + DAY) == ["Ingen endringer."]


def test_position_that_a_file_of_today_has_without_a_first_day_holds_today(
    staff: StaffFolder,
) -> None:
    staff.run()
    staff.write(units=[*UNITS, "203;Ny;enhet;20"], people=[*PEOPLE, NEW])
    staff.run(on=AHEAD, today=TODAY)
    staff.run(on=TODAY + DAY)
    begun = {unit("203").valid_from, *user("P7").positions.values_list("valid_from", flat=True)}
    assert begun == {TODAY + DAY}
    assert Leadership.objects.get(user=user("P7")).valid_from == TODAY + DAY
    assert (user("P7").email, user("P7").language) == ("ny@solvik.example", "en")
    assert not FormerName.objects.exists()


def test_leader_whom_hr_does_not_know_is_not_relieved_ahead(staff: StaffFolder) -> None:
    staff.run()
    guest = make_user("Gjest", hr_id=None)
    make_leadership(guest, unit("202"), since=TODAY)
    staff.write(people=[*PEOPLE, "P4;Nils Berg;nils@solvik.example;202;Leder;ja"])
    staff.run(on=AHEAD, today=TODAY)
    assert [one.user for one in unit("202").leaderships.all()] == [guest]
    staff.write(people=PEOPLE)
    staff.run(on=TODAY + DAY)
    assert guest.leaderships.get().valid_to is None


def test_language_is_the_one_of_the_file_that_first_tells_of_today(staff: StaffFolder) -> None:
    staff.write(units=[*UNITS, "203;Ny;enhet;20"], people=[*PEOPLE, NEW])
    staff.run(on=AHEAD, today=TODAY)
    staff.write(people=[*PEOPLE, NEW.removesuffix("en")])
    staff.run(on=AHEAD)
    assert user("P7").language == "nb"


def test_account_made_by_hand_is_recognised_by_the_file_of_the_day(staff: StaffFolder) -> None:
    staff.run()
    guest = make_user("Gjest", email="ny@solvik.example", hr_id=None)
    make_role(guest, Role.HR, unit("20"), since=TODAY)
    staff.write(units=[*UNITS, "203;Ny;enhet;20"], people=[*PEOPLE, NEW])
    staff.run(on=AHEAD, today=TODAY)
    guest.refresh_from_db()
    assert guest.hr_id is None
    assert not User.objects.filter(hr_id="P7").exists()
    staff.run(on=AHEAD)
    assert user("P7") == guest
    assert guest.positions.get().valid_from == AHEAD


def test_account_made_by_hand_for_somebody_to_come_is_theirs(staff: StaffFolder) -> None:
    staff.run()
    staff.write(units=[*UNITS, "203;Ny;enhet;20"], people=[*PEOPLE, NEW])
    staff.run(on=AHEAD, today=TODAY)
    guest = make_user("Gjest", email="ny@solvik.example", hr_id=None)
    staff.run(on=AHEAD)
    assert user("P7") == guest
    assert (guest.positions.get().valid_from, guest.leaderships.count()) == (AHEAD, 1)
    assert not User.objects.filter(is_to_come=True).exists()
    assert staff.run(on=AHEAD) == ["Ingen endringer."]
