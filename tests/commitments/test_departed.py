"""When one of the two leaves the municipality: nobody is asked who cannot sign in."""

from __future__ import annotations

import datetime as dt

import pytest

from commitments.evidence.verification import verify_all
from commitments.leader_changes.actions import part_those_who_moved
from commitments.models import Agreement, Ending
from commitments.retention.actions import end_what_was_left
from commitments.workflow import how_it_ended
from outbox.models import Letter
from people.models import IMPORT_UNDO_WINDOW, Leadership, Position, User
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import make_draft, make_signed
from tests.factories import make_position

DAY = dt.timedelta(days=1)
AGREEMENT_LETTERS = ["commitments.parted", "commitments.parted_leader", "commitments.ended"]


def leave(person: User) -> None:
    last = clock.today() - DAY
    for rows in (Position, Leadership):
        rows.objects.filter(user=person).update(valid_to=last)


def nights(number: int) -> None:
    """What the schedule does of it, night after night."""
    for night in range(number):
        now = clock.now() + night * (IMPORT_UNDO_WINDOW + dt.timedelta(minutes=1))
        part_those_who_moved(now=now)
        end_what_was_left(now=now)


def kinds(person: User) -> list[str]:
    about = Letter.objects.filter(recipient=person, kind__in=AGREEMENT_LETTERS)
    return list(about.order_by("pk").values_list("kind", flat=True))


def test_what_is_signed_with_an_employee_who_has_left_ends_and_asks_them_nothing(
    cast: Cast,
) -> None:
    agreement = make_signed(cast).agreement
    leave(cast.employee)
    nights(2)
    agreement.refresh_from_db()
    assert (agreement.is_parted, agreement.ended_at) == (True, None)
    nights(4)
    agreement.refresh_from_db()
    assert agreement.ended_at is not None
    assert agreement.ended_as == Ending.DEPARTED
    assert "du hadde sluttet i kommunen" in how_it_ended(agreement)
    assert kinds(cast.employee) == []
    assert kinds(cast.leader) == ["commitments.parted_leader", "commitments.ended"]
    assert list(verify_all()) == []


def test_an_employee_who_changes_unit_decides_as_before(cast: Cast) -> None:
    agreement = make_signed(cast).agreement
    leave(cast.employee)
    make_position(cast.employee, cast.sibling_unit)
    nights(6)
    agreement.refresh_from_db()
    assert (agreement.is_parted, agreement.ended_at) == (True, None)
    assert kinds(cast.employee) == ["commitments.parted"]


def test_a_leader_who_has_left_gets_no_letter_and_the_employee_decides(cast: Cast) -> None:
    agreement = make_signed(cast).agreement
    leave(cast.leader)
    nights(6)
    agreement.refresh_from_db()
    assert (agreement.is_parted, agreement.ended_at) == (True, None)
    assert (kinds(cast.leader), kinds(cast.employee)) == ([], ["commitments.parted"])


@pytest.mark.parametrize("leaves", ["employee", "leader"])
def test_what_was_never_signed_ends_and_whoever_stays_is_told(cast: Cast, leaves: str) -> None:
    agreement = make_draft(cast).agreement
    leave(getattr(cast, leaves))
    nights(2)
    assert Agreement.objects.get(pk=agreement.pk).ended_as == Ending.NEVER_SIGNED
    assert kinds(getattr(cast, leaves)) == []
    stays = cast.leader if leaves == "employee" else cast.employee
    assert len(kinds(stays)) == 1
