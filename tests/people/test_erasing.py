"""Those who have left are erased in time: what refers to them, what goes along, and what stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import Model

from commitments.evidence.verification import verify_all
from commitments.models import Agreement
from commitments.schedule import erase_agreements
from missions.models import Contribution
from outbox.models import Letter, ReminderOptOut
from people.erasing import KEPT_AFTER_LEAVING, NOBODY, erase_who_left
from people.models import AuditRecord, FormerName, Position, Role, User
from people.tasks import erase_who_left as task
from seminars.models import CalendarFeed
from tests import clock
from tests.cast import Cast
from tests.commitments.test_erasing import ended_long_ago
from tests.factories import make_employee, make_position, make_role
from tests.seminars.factories import make_registration, make_seminar

DAY = dt.timedelta(days=1)


def leave(person: User, *, days_ago: int = KEPT_AFTER_LEAVING.days + 1) -> User:
    last = clock.today() - days_ago * DAY
    Position.objects.filter(user=person, valid_to=None).update(valid_to=last)
    return person


def is_erased(person: User) -> bool:
    person.refresh_from_db()
    return person.name == NOBODY


@pytest.fixture
def gone(cast: Cast) -> User:
    return leave(make_employee(cast.unit, "Odd Rud", email="odd@example.org", title="Rådgiver"))


def test_whoever_left_without_course_and_agreement_is_erased(cast: Cast, gone: User) -> None:
    before = (gone.hr_id, gone.search_text)
    task()
    gone.refresh_from_db()
    assert (gone.name, gone.first_name, gone.hr_id, gone.is_active) == (NOBODY, "", None, False)
    assert gone.email is None
    assert "odd@example.org" not in gone.search_text
    assert before != (gone.hr_id, gone.search_text)
    assert "Rådgiver" not in Position.objects.get(user=gone).title
    record = AuditRecord.objects.get(action="people.erase_person")
    assert (record.object_id, record.actor, record.details) == (str(gone.pk), None, {})
    assert erase_who_left(now=clock.now()) == 0


def test_nobody_is_erased_before_the_promised_day(cast: Cast) -> None:
    gone = leave(make_employee(cast.unit), days_ago=KEPT_AFTER_LEAVING.days)
    assert erase_who_left(now=clock.now()) == 0
    assert erase_who_left(now=clock.now() + DAY) == 1
    assert is_erased(gone)


def test_whoever_works_here_or_has_a_role_is_not_erased(cast: Cast, gone: User) -> None:
    make_role(gone, Role.HR, cast.agency)
    back = leave(make_employee(cast.unit))
    make_position(back, cast.unit, since=clock.today() + DAY)
    assert erase_who_left(now=clock.now()) == 0
    assert not is_erased(cast.employee)


def _registered(person: User, cast: Cast) -> Model:
    seminar = make_seminar(cast.agency, created_by=cast.organiser)
    return make_registration(seminar, person, state="withdrawn")


def _arranged(person: User, cast: Cast) -> Model:
    return make_seminar(cast.agency, created_by=person)


def _agreed(person: User, cast: Cast) -> Model:
    return Agreement.objects.create(
        employee=person, leader=cast.leader, unit=cast.unit, created_by=cast.leader
    )


@pytest.mark.parametrize("refers", [_registered, _arranged, _agreed])
def test_whoever_a_course_or_an_agreement_refers_to_is_not_erased(
    cast: Cast, gone: User, refers: Callable[[User, Cast], Model]
) -> None:
    refers(gone, cast)
    assert erase_who_left(now=clock.now()) == 0
    assert not is_erased(gone)


def test_an_agreement_that_is_erased_keeps_nobody(cast: Cast) -> None:
    ended_long_ago(cast)
    leave(cast.employee)
    assert erase_who_left(now=clock.now()) == 0
    erase_agreements()
    assert erase_who_left(now=clock.now()) == 1
    assert is_erased(cast.employee)
    assert list(verify_all()) == []


def test_what_is_the_persons_own_goes_along(cast: Cast, gone: User) -> None:
    FormerName.objects.create(user=gone, name="Odd Lie", until=clock.today())
    ReminderOptOut.objects.create(user=gone)
    CalendarFeed.objects.create(user=gone, token_hash="x" * 64)
    Contribution.objects.create(user=gone, unit=cast.unit, text="Mitt", written_at=clock.now())
    Authenticator.objects.create(user=gone, type="totp", data={"secret": "s"})
    Letter.objects.create(
        key="k",
        message_id="m",
        kind="seminars.confirmed",
        recipient=gone,
        to_email="odd@example.org",
        language="nb",
    )
    assert erase_who_left(now=clock.now()) == 1
    own = [FormerName, ReminderOptOut, CalendarFeed, Contribution, Authenticator, Letter]
    assert [model._base_manager.count() for model in own] == [0] * len(own)


def test_two_positions_at_once_are_still_two(cast: Cast, gone: User) -> None:
    make_position(gone, cast.unit, title="Vikar")
    leave(gone)
    assert erase_who_left(now=clock.now()) == 1
    assert Position.objects.filter(user=gone).count() == 2


def test_one_who_cannot_be_erased_keeps_no_other(
    cast: Cast, gone: User, caplog: pytest.LogCaptureFixture
) -> None:
    """Another of their positions has the title that the first would be left with."""
    make_position(gone, cast.unit, title=str(Position.objects.get(user=gone).pk))
    leave(gone)
    other = leave(make_employee(cast.unit))
    assert erase_who_left(now=clock.now()) == 1
    assert (is_erased(gone), is_erased(other)) == (False, True)
    assert [one.name for one in caplog.records] == ["people.erasing"]
