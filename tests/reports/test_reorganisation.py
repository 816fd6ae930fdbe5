"""Figures of days that are over stay as they were when units move, merge and change their level."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from accounts.roles.reorganisation import carry_roles_over
from people.models import FormerAgency, Leadership, Level, Role, Unit, User
from reports.attendance_counting import count_attendance
from reports.participation import Report, participation_report
from reports.period import Period
from reports.scope import scope_of
from tests.cast import Cast
from tests.factories import make_role, make_unit
from tests.people.staff_files import StaffFolder
from tests.reports.factories import held, invite, oslo, put, sign

SPRING = Period(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
DAY = dt.date(2026, 3, 10)
COUNTED = dt.date(2026, 7, 15)
REFORM = dt.date(2026, 11, 1)
AFTER = dt.date(2027, 2, 1)

Told = dict[str, tuple[str, ...]]


def told(report: Report) -> Told:
    """Every figure of every row and of the sum, in words, but for rows of nothing."""
    rows = {str(row.agency): row for row in report.rows}
    said = {name: (str(row.figures), row.came, row.reach, row.signed) for name, row in rows.items()}
    sums = (str(report.total), report.came, report.reach, report.signed)
    return {name: one for name, one in said.items() if any_digit(one)} | {"sum": sums}


def any_digit(said: tuple[str, ...]) -> bool:
    """Something else than nought."""
    return any(sign in "123456789" for one in said for sign in one)


def spring_of(user: User, on: dt.date) -> Told:
    return told(participation_report(scope_of(user, on), SPRING, oslo(on)))


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """A spring in two agencies, counted: seats, invitations, attendance and agreements."""
    make_role(cast.organiser, Role.HR, cast.municipality)
    make_role(cast.stranger, Role.HR, cast.other_agency)
    seminar = held(cast, DAY)
    for unit in (cast.unit, cast.other_unit):
        for number in range(14):
            put(seminar, unit, outcome="attended" if number < 7 else "no_show")
        invite(seminar, unit)
        for _ in range(6):
            sign(unit, cast.leader, DAY)
    count_attendance(today=COUNTED)
    return cast


def move(unit: Unit, to: Unit, *, on: dt.date = REFORM) -> None:
    """As HR's file does: the unit and all below it."""
    moved = [unit, *Unit.objects.filter(parent=unit)]
    for one in moved:
        FormerAgency.objects.create(unit=one, agency=one.agency, until=on - dt.timedelta(days=1))
        one.agency = to.agency
        one.save()
    unit.parent = to
    unit.save()


def merge(agency: Unit, into: Unit) -> None:
    for unit in Unit.objects.filter(parent=agency):
        move(unit, into)
    Unit.objects.filter(pk=agency.pk).update(valid_to=REFORM - dt.timedelta(days=1))
    agency.successors.add(into)


def test_the_spring_says_something(lived: Cast) -> None:
    """Else it would be no wonder that it stays."""
    said = spring_of(lived.organiser, COUNTED)
    figures = "Participation(invited=1, registered=14, waiting=0, unseated=0, not_recorded=0)"
    assert said["Bydel Fjordbyen"] == (figures, "7", said["Bydel Fjordbyen"][2], "6")
    assert said["Etat for læring"][0] == figures


def test_a_spring_stays_when_a_unit_moves_to_another_agency(lived: Cast) -> None:
    before = {one: spring_of(one, COUNTED) for one in (lived.organiser, lived.hr, lived.stranger)}
    move(lived.department, lived.other_agency)
    assert {one: spring_of(one, AFTER) for one in before} == before


def test_a_spring_stays_when_an_agency_is_merged_into_another(lived: Cast) -> None:
    before = spring_of(lived.organiser, COUNTED)
    merge(lived.agency, lived.other_agency)
    assert spring_of(lived.organiser, AFTER) == before


def test_hr_of_a_merged_agency_reads_its_spring_where_the_role_is_now(lived: Cast) -> None:
    own, theirs = spring_of(lived.hr, COUNTED), spring_of(lived.stranger, COUNTED)
    merge(lived.agency, lived.other_agency)
    carry_roles_over(now=oslo(AFTER))
    after = spring_of(lived.hr, AFTER)
    assert after["Bydel Fjordbyen"] == own["Bydel Fjordbyen"]
    assert after["Etat for læring"] == theirs["Etat for læring"]
    assert spring_of(lived.stranger, AFTER) == after


def test_an_agency_that_is_divided_is_read_by_hr_of_the_whole_alone(lived: Cast) -> None:
    before = spring_of(lived.organiser, COUNTED)
    merge(lived.agency, lived.other_agency)
    lived.agency.successors.add(make_unit("Bydel Ny", parent=lived.municipality))
    assert "Bydel Fjordbyen" not in spring_of(lived.stranger, AFTER)
    assert spring_of(lived.organiser, AFTER) == before


def test_hr_of_a_part_counts_what_it_did_in_the_agency_it_was_in(lived: Cast) -> None:
    make_role(lived.employee, Role.HR, lived.department)
    before = spring_of(lived.employee, COUNTED)
    assert before["sum"][0].startswith("Participation(invited=1, registered=14")
    move(lived.department, lived.other_agency)
    assert spring_of(lived.employee, AFTER) == before


def test_an_agency_that_becomes_a_part_of_another_keeps_its_row(lived: Cast) -> None:
    before = spring_of(lived.organiser, COUNTED)
    for unit in Unit.objects.filter(agency=lived.agency):
        FormerAgency.objects.create(unit=unit, agency=lived.agency, until=REFORM)
        Unit.objects.filter(pk=unit.pk).update(agency=lived.other_agency)
    Unit.objects.filter(pk=lived.agency.pk).update(level=Level.UNIT, parent=lived.other_agency)
    assert spring_of(lived.organiser, AFTER) == before
    later = Period(dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    shown = participation_report(scope_of(lived.organiser, AFTER), later, oslo(AFTER)).rows
    assert [str(row.agency) for row in shown] == ["Etat for læring"]


def test_those_who_were_moved_could_have_signed_where_they_were(lived: Cast) -> None:
    """From the day of the move on they are counted where they are."""
    move(lived.department, lived.other_agency, on=dt.date(2026, 6, 30))
    assert spring_of(lived.organiser, AFTER)["Bydel Fjordbyen"][3] == "for få"


def test_the_import_remembers_which_agency_a_moved_unit_was_in(db: None, tmp_path: Path) -> None:
    staff = StaffFolder(tmp_path, dt.date(2026, 1, 5))
    staff.run()
    units = [
        "1;Solvik kommune;kommune;",
        "20;Bydel Fjordbyen;virksomhet;1;bydel;BFJ;2020-01-01",
        "201;Hjemmetjenesten nord;enhet;30;seksjon",
        "202;Hjemmetjenesten sør;enhet;20;seksjon",
        "30;Etat for læring;virksomhet;1;etat",
    ]
    staff.write(units)
    staff.run(on=REFORM)
    staff.run(on=REFORM)
    [former] = FormerAgency.objects.all()
    last = REFORM - dt.timedelta(days=1)
    assert (former.unit.hr_id, former.agency.hr_id, former.until) == ("201", "20", last)
    assert former.unit.agency.hr_id == "30"
    assert Leadership.objects.get(unit=former.unit).valid_to is None


def test_a_unit_that_moves_twice_on_a_day_was_never_in_between(db: None, tmp_path: Path) -> None:
    staff = StaffFolder(tmp_path, dt.date(2026, 1, 5))
    units = [*staff_units("20"), "40;Etat for by;virksomhet;1;etat"]
    staff.write(units)
    staff.run()
    for agency in ("30", "40"):
        staff.write([*staff_units(agency), "40;Etat for by;virksomhet;1;etat"])
        staff.run(on=REFORM)
    [former] = FormerAgency.objects.all()
    assert (former.agency.hr_id, former.unit.agency.hr_id) == ("20", "40")


def staff_units(agency: str) -> list[str]:
    return [
        "1;Solvik kommune;kommune;",
        "20;Bydel Fjordbyen;virksomhet;1;bydel;BFJ;2020-01-01",
        f"201;Hjemmetjenesten nord;enhet;{agency};seksjon",
        "202;Hjemmetjenesten sør;enhet;20;seksjon",
        "30;Etat for læring;virksomhet;1;etat",
    ]
