"""Roles on a unit that has closed: carried to the one that follows, or ended, and told of."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.roles.reorganisation import carry_roles_over
from accounts.tasks import carry_roles_over as task
from outbox.models import Letter
from people.models import IMPORT_UNDO_WINDOW, MISSING_FOR, AuditRecord, Role, RoleGrant, Unit, User
from people.staff_import.undoing import undo_import
from people.succession import followers_of
from reports.scope import scope_of
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_role, make_unit
from tests.people.staff_files import UNITS, StaffFolder

DAY = dt.timedelta(days=1)


def close(unit: Unit, *successors: Unit, days_ago: int = 1) -> None:
    Unit.objects.filter(pk=unit.pk).update(valid_to=clock.today() - days_ago * DAY)
    unit.successors.add(*successors)


def held(user: User) -> list[tuple[str, str]]:
    grants = RoleGrant.objects.valid_on(clock.today()).filter(user=user).order_by("pk")
    return [(grant.role, grant.unit.name) for grant in grants.select_related("unit")]


def letters_to(user: User) -> list[Letter]:
    return list(user.letters.filter(kind="people.roles_moved"))


def test_a_role_on_a_merged_unit_holds_on_its_successor(cast: Cast) -> None:
    heir = make_unit("Bydel Sentrum", parent=cast.municipality)
    close(cast.agency, heir)
    assert carry_roles_over(now=clock.now()) == 2
    assert held(cast.hr) == [("hr", "Bydel Sentrum")]
    assert held(cast.coordinator) == [("coordinator", "Bydel Sentrum")]
    assert scope_of(cast.hr, clock.today()).granted == (heir.pk,)
    assert carry_roles_over(now=clock.now()) == 0


@pytest.fixture
def merged(tmp_path: Path, db: None) -> RoleGrant:
    """A role on a unit that an import has closed, with a successor that there was before."""
    staff = StaffFolder(tmp_path, on=clock.today() - DAY)
    staff.run()
    grant = make_role(User.objects.get(hr_id="P3"), Role.HR, Unit.objects.get(hr_id="202"))
    closed = f"202;Hjemmetjenesten sør;enhet;20;seksjon;;;{clock.today() - DAY};201"
    staff.write([closed if line.startswith("202") else line for line in UNITS])
    staff.run(on=clock.today())
    return grant


def test_a_role_stands_as_long_as_the_import_can_be_taken_back(merged: RoleGrant) -> None:
    assert carry_roles_over(now=clock.now()) == 0
    undo_import(now=timezone.now())
    assert carry_roles_over(now=clock.now() + 2 * IMPORT_UNDO_WINDOW) == 0
    assert held(merged.user) == [("hr", "Hjemmetjenesten sør")]


def test_a_role_is_carried_once_the_import_cannot_be_taken_back(merged: RoleGrant) -> None:
    assert carry_roles_over(now=timezone.now() + IMPORT_UNDO_WINDOW) == 1
    carried = RoleGrant.objects.get(user=merged.user, valid_to=None)
    assert (carried.role, carried.unit.hr_id) == ("hr", "201")


def test_it_holds_as_long_as_it_would_and_is_given_by_the_same(cast: Cast) -> None:
    last = clock.today() + 30 * DAY
    grants = RoleGrant.objects.filter(user=cast.hr)
    grants.update(valid_to=last, granted_by=cast.administrator)
    close(cast.agency, cast.other_agency)
    carry_roles_over(now=clock.now())
    old, new = grants.order_by("pk")
    assert (old.valid_to, new.valid_from, new.valid_to, new.granted_by) == (
        clock.today() - DAY,
        clock.today(),
        last,
        cast.administrator,
    )


def test_a_role_that_is_to_begin_is_carried_with_its_first_day(cast: Cast) -> None:
    first = clock.today() + 5 * DAY
    make_role(cast.stranger, Role.HR, cast.agency, since=first)
    close(cast.agency, cast.other_agency)
    carry_roles_over(now=clock.now())
    [grant] = RoleGrant.objects.filter(user=cast.stranger)
    assert (grant.unit, grant.valid_from) == (cast.other_agency, first)


def test_the_holder_and_the_administrators_get_one_letter_each_about_all(cast: Cast) -> None:
    close(cast.agency, cast.other_agency)
    task()
    [told] = letters_to(cast.hr)
    assert "Hanne Ruud, HR for Bydel Fjordbyen: gjelder nå for Etat for læring" in told.text
    assert "Kari Eide" not in told.text
    [watching] = letters_to(cast.administrator)
    assert "Hanne Ruud" in watching.text
    assert "Kari Eide" in watching.text
    assert letters_to(cast.organiser) == []


def test_whoever_has_the_role_there_already_has_it_once(cast: Cast) -> None:
    make_role(cast.hr, Role.HR, cast.other_agency)
    close(cast.agency, cast.other_agency)
    carry_roles_over(now=clock.now())
    assert held(cast.hr) == [("hr", "Etat for læring")]


def test_two_units_that_become_one_carry_both_holders(cast: Cast) -> None:
    heir = make_unit("Bydel Sentrum", parent=cast.municipality)
    make_role(cast.stranger, Role.HR, cast.other_agency)
    close(cast.agency, heir)
    close(cast.other_agency, heir)
    carry_roles_over(now=clock.now())
    assert held(cast.hr) == held(cast.stranger) == [("hr", "Bydel Sentrum")]


@pytest.mark.parametrize("number", [0, 2], ids=["none follows", "several follow"])
def test_without_one_successor_it_ends_after_some_days_and_is_told_of(
    cast: Cast, number: int
) -> None:
    heirs = [make_unit(f"Bydel {one}", parent=cast.municipality) for one in range(number)]
    close(cast.agency, *heirs, days_ago=MISSING_FOR.days)
    assert carry_roles_over(now=clock.now()) == 0
    assert held(cast.hr) == [("hr", "Bydel Fjordbyen")]
    assert carry_roles_over(now=clock.now() + DAY) == 2
    assert RoleGrant.objects.not_ended(clock.today() + DAY).filter(user=cast.hr).count() == 0
    [told] = letters_to(cast.hr)
    assert "Hanne Ruud, HR for Bydel Fjordbyen: er avsluttet" in told.text
    assert len(letters_to(cast.administrator)) == 1


def test_a_role_on_a_unit_that_closes_tomorrow_stands(cast: Cast) -> None:
    close(cast.agency, cast.other_agency, days_ago=-1)
    assert carry_roles_over(now=clock.now()) == 0
    assert held(cast.hr) == [("hr", "Bydel Fjordbyen")]


def test_a_role_on_a_unit_that_moves_stays_on_it(cast: Cast) -> None:
    make_role(cast.stranger, Role.HR, cast.department)
    Unit.objects.filter(pk=cast.department.pk).update(parent=cast.other_agency)
    assert carry_roles_over(now=clock.now()) == 0
    assert held(cast.stranger) == [("hr", "Helse og mestring")]


def test_the_trail_tells_why(cast: Cast) -> None:
    close(cast.agency, cast.other_agency)
    carry_roles_over(now=clock.now())
    found = AuditRecord.objects.filter(details__user=cast.hr.pk).order_by("pk")
    assert [(one.action, one.actor, one.details["cause"]) for one in found] == [
        ("grant_role", None, "merger"),
        ("end_role", None, "unit_closed"),
    ]


def test_followers_of_goes_through_closed_ones_and_leaves_out_what_is_divided(cast: Cast) -> None:
    last, part = (make_unit(name, parent=cast.municipality) for name in ("Siste", "Del"))
    close(cast.unit, cast.sibling_unit)
    close(cast.sibling_unit, last, part)
    close(part, last)
    close(cast.department, last, cast.other_agency)
    asked = [cast.unit.pk, cast.department.pk, cast.other_unit.pk]
    assert followers_of(asked, clock.today()) == {cast.unit.pk: last.pk}


def test_a_letter_goes_to_nobody_who_may_not_sign_in(cast: Cast) -> None:
    gone = make_employee(cast.agency)
    make_role(gone, Role.HR, cast.agency)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    close(cast.agency, cast.other_agency)
    carry_roles_over(now=clock.now())
    assert letters_to(gone) == []
