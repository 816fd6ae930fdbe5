"""Administrators hear which roles ended as their holders are missing in HR's file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from accounts.roles.actions import end_role
from accounts.roles.departures import TOLD_WITHIN
from accounts.tasks import carry_roles_over
from outbox.models import Letter
from people.models import Role, RoleGrant, Unit, User
from tests import clock
from tests.cast import Cast
from tests.factories import make_role, make_user
from tests.people.staff_files import PEOPLE, StaffFolder

DAY = dt.timedelta(days=1)
ALL = ["people_ended", "leaders_ended", "positions_ended"]


def told() -> list[Letter]:
    return list(Letter.objects.filter(kind="people.roles_of_who_left").order_by("pk"))


def left(tmp_path: Path) -> User:
    """Olav Aas, HR and organiser of an agency, is missing in today's file."""
    staff = StaffFolder(tmp_path, clock.today() - 30 * DAY)
    staff.run()
    gone = User.objects.get(name="Olav Aas")
    for role in (Role.HR, Role.ORGANISER):
        make_role(gone, role, Unit.objects.get(hr_id="30"))
    top = Unit.objects.get(hr_id="1")
    make_role(make_user("Astrid Vik", hr_id=None), Role.ADMINISTRATOR, top)
    staff.write(people=[row for row in PEOPLE if not row.startswith("P3")])
    staff.run(*(f"--accept={kind}" for kind in ALL), on=clock.today())
    return gone


def test_administrators_hear_of_the_roles_of_who_left_once(db: None, tmp_path: Path) -> None:
    gone = left(tmp_path)
    carry_roles_over()
    carry_roles_over()
    [letter] = told()
    assert letter.recipient.name == "Astrid Vik"
    assert [words in letter.text for words in (gone.name, "HR, Etat", "arrangør, Etat")] == [
        True
    ] * 3


def test_it_is_no_news_after_some_days(db: None, tmp_path: Path) -> None:
    left(tmp_path)
    RoleGrant.objects.filter(valid_to=clock.today() - DAY).update(
        valid_to=clock.today() - TOLD_WITHIN - DAY
    )
    carry_roles_over()
    assert told() == []


def test_a_role_that_somebody_ended_has_its_own_letter_alone(cast: Cast) -> None:
    [grant] = RoleGrant.objects.filter(user=cast.hr)
    end_role(grant=grant, by=cast.administrator, today=clock.today())
    carry_roles_over()
    assert told() == []
