"""People with a place who leave the municipality: their seats go on, and the organiser is told."""

from __future__ import annotations

import datetime as dt

import pytest

from people.models import MISSING_FOR, AuditRecord, Position, Role
from seminars.models import Registration
from seminars.participants import departure_actions
from seminars.participants.departure_actions import withdraw_departed
from seminars.seats.allocation import reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.withdrawal import withdraw_registration
from seminars.tasks import withdraw_departed as withdraw_departed_task
from tests.factories import make_employee, make_position, make_role
from tests.seminars.factories import make_registration, make_seminar

ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def small(cast):
    return make_seminar(cast.agency, created_by=cast.organiser, capacity=1)


def leave(person, today, *, days_ago):
    """As HR's file does when the person is missing in it that day."""
    last = today - dt.timedelta(days=days_ago + 1)
    Position.objects.filter(user=person, valid_to=None).update(valid_to=last)


def states(seminar):
    return list(seminar.registrations.order_by("pk").values_list("state", flat=True))


def kinds(person):
    return list(person.letters.order_by("pk").values_list("kind", flat=True))


def test_seat_of_who_left_goes_to_the_first_in_the_queue(small, cast, now, today):
    gone, waits = make_employee(cast.unit, "Odd Rud"), make_employee(cast.unit)
    registration = make_registration(small, gone)
    make_registration(small, waits, state="waitlisted")
    leave(gone, today, days_ago=MISSING_FOR.days)
    assert withdraw_departed(now=now) == 1
    assert states(small) == ["withdrawn", "registered"]
    assert (kinds(gone), kinds(waits)) == ([], ["seminars.promoted"])
    letter = cast.organiser.letters.get(kind="seminars.departed")
    assert "Odd Rud" in letter.text
    assert "De har ikke fått brev om det" in letter.text
    record = AuditRecord.objects.get(action="seminars.withdraw")
    assert (record.object_id, record.actor, record.on_behalf_of, record.details) == (
        str(registration.pk), None, gone, {"cause": "left"},
    )  # fmt: skip


def test_who_is_missing_in_the_latest_file_is_offered_nothing_and_passed_by_nobody(
    cast, now, today
):
    offering = make_seminar(
        cast.agency, created_by=cast.organiser, capacity=1, offers_expire_after=24
    )
    seated = make_registration(offering, cast.leader)
    gone, waits = make_employee(cast.unit, "Odd Rud", hr_id="P9"), make_employee(cast.unit)
    for number, person in enumerate((gone, waits)):
        queued_at = now - dt.timedelta(hours=2 - number)
        make_registration(offering, person, state="waitlisted", queued_at=queued_at)
    leave(gone, today, days_ago=0)
    withdraw_registration(registration=seated, by=cast.leader, now=now)
    assert states(offering) == ["withdrawn", "waitlisted", "waitlisted"]
    assert kinds(gone) == []
    late = {fault.invariant for fault in faults(now=now + ONE_DAY // 24)}
    assert "no free seat while somebody waits for it" not in late
    assert "nobody passes the queue" not in late
    Position.objects.filter(user=gone).update(valid_to=None)
    reconcile_waiting_lists(now=now)
    assert states(offering) == ["withdrawn", "offered", "waitlisted"]


def test_the_seat_goes_to_the_next_when_who_was_missing_has_left(small, cast, now, today):
    seated = make_registration(small, cast.leader)
    gone, waits = make_employee(cast.unit, "Odd Rud", hr_id="P9"), make_employee(cast.unit)
    for number, person in enumerate((gone, waits)):
        queued_at = now - dt.timedelta(hours=2 - number)
        make_registration(small, person, state="waitlisted", queued_at=queued_at)
    leave(gone, today, days_ago=1)
    withdraw_registration(registration=seated, by=cast.leader, now=now)
    leave_since = today - (MISSING_FOR + ONE_DAY)
    Position.objects.filter(user=gone).update(valid_to=leave_since)
    withdraw_departed(now=now)
    assert states(small) == ["withdrawn", "withdrawn", "registered"]


@pytest.mark.parametrize("state", ["registered", "offered", "awaiting", "waitlisted"])
def test_every_place_of_who_left_is_given_up(small, cast, now, today, state):
    gone = make_employee(cast.unit)
    fields = {"approver": cast.leader} if state == "awaiting" else {}
    make_registration(small, gone, state=state, **fields)
    leave(gone, today, days_ago=MISSING_FOR.days)
    withdraw_departed(now=now)
    assert states(small) == ["withdrawn"]


def test_an_organiser_gets_one_letter_about_all_seminars(cast, now, today):
    first, second = (
        make_seminar(cast.agency, created_by=cast.organiser, title=title, approval_days=3)
        for title in ("Første", "Andre")
    )
    names = ["Odd Rud", "Eva Lie"]
    for name in names:
        gone = make_employee(cast.unit, name)
        for seminar in (first, second):
            make_registration(seminar, gone, approver=cast.leader, approved_at=now)
        leave(gone, today, days_ago=MISSING_FOR.days)
    assert withdraw_departed(now=now) == 4
    for person, kind in (
        (cast.organiser, "seminars.departed"),
        (cast.leader, "seminars.departed_from_line"),
    ):
        letter = person.letters.get(kind=kind)
        assert letter.subject.startswith("2 ")
        assert [letter.text.count(words) for words in ("Første", "Andre", *names)] == [1, 1, 2, 2]
    assert cast.organiser.letters.get().subject == "2 deltakere har sluttet og er meldt av"


def test_what_a_round_that_was_cut_short_left_untold_is_told_by_the_next(small, cast, now, today):
    gone = make_employee(cast.unit)
    make_registration(small, gone)
    leave(gone, today, days_ago=MISSING_FOR.days)
    assert departure_actions._withdraw_from(small, now=now) == 1
    assert kinds(cast.organiser) == []
    assert withdraw_departed(now=now + ONE_DAY) == 0
    assert kinds(cast.organiser) == ["seminars.departed"]
    assert withdraw_departed(now=now + 2 * ONE_DAY) == 0
    assert kinds(cast.organiser) == ["seminars.departed"]


def test_who_withdrew_before_they_left_is_no_news(small, cast, now, today):
    gone = make_employee(cast.unit)
    registration = make_registration(small, gone)
    withdraw_registration(registration=registration, by=gone, now=now)
    leave(gone, today, days_ago=MISSING_FOR.days)
    withdraw_departed(now=now)
    assert kinds(cast.organiser) == []


def test_two_beats_withdraw_and_tell_once(small, cast, now, today):
    gone = make_employee(cast.unit)
    make_registration(small, gone)
    leave(gone, today, days_ago=MISSING_FOR.days)
    withdraw_departed_task()
    withdraw_departed_task()
    assert withdraw_departed(now=now) == 0
    assert kinds(cast.organiser) == ["seminars.departed"]
    assert AuditRecord.objects.filter(action="seminars.withdraw").count() == 1


def test_who_is_back_in_the_next_file_keeps_the_place(small, cast, now, today):
    back = make_employee(cast.unit)
    make_registration(small, back)
    leave(back, today, days_ago=0)
    for days in range(MISSING_FOR.days):
        assert withdraw_departed(now=now + days * ONE_DAY) == 0
    make_position(back, cast.unit, since=today + ONE_DAY)
    assert withdraw_departed(now=now + 9 * ONE_DAY) == 0
    assert states(small) == ["registered"]
    assert kinds(cast.organiser) == []


def _position_to_come(person, cast, today):
    make_position(person, cast.unit, since=today + 30 * ONE_DAY)


def _role(person, cast, today):
    make_role(person, Role.HR, cast.agency)


def _unknown_to_hr(person, cast, today):
    person.hr_id = None
    person.save()


def _never_placed(person, cast, today):
    Position.objects.filter(user=person).delete()


@pytest.mark.parametrize("is_here", [_position_to_come, _role, _unknown_to_hr, _never_placed])
def test_who_has_not_left_keeps_the_place(small, cast, now, today, is_here):
    person = make_employee(cast.unit)
    make_registration(small, person)
    leave(person, today, days_ago=30)
    is_here(person, cast, today)
    assert withdraw_departed(now=now) == 0
    assert states(small) == ["registered"]


def test_what_has_begun_or_is_cancelled_is_left_as_it_was(cast, now, today):
    gone = make_employee(cast.unit)
    begun = make_seminar(
        cast.agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )
    cancelled = make_seminar(cast.agency, created_by=cast.organiser, state="cancelled")
    for seminar in (begun, cancelled):
        make_registration(seminar, gone)
    leave(gone, today, days_ago=MISSING_FOR.days)
    assert withdraw_departed(now=now) == 0
    assert set(Registration.objects.values_list("state", flat=True)) == {"registered"}


def test_all_organisers_are_told_when_who_made_it_arranges_no_more(cast, now, today):
    another = make_employee(cast.agency, "Kari Berg")
    make_role(another, Role.ORGANISER, cast.agency)
    gone = make_employee(cast.unit)
    seminar = make_seminar(cast.agency, created_by=gone)
    make_registration(seminar, gone)
    leave(gone, today, days_ago=MISSING_FOR.days)
    withdraw_departed(now=now)
    assert "seminars.departed" in kinds(another)
    assert kinds(gone) == []


@pytest.mark.parametrize(
    ("state", "approved"), [("registered", True), ("awaiting", False), ("waitlisted", True)]
)
def test_the_line_manager_who_was_asked_is_told(small, cast, now, today, state, approved):
    gone = make_employee(cast.unit, "Odd Rud")
    approved_at = {"approved_at": now} if approved else {}
    make_registration(small, gone, state=state, approver=cast.leader, **approved_at)
    leave(gone, today, days_ago=MISSING_FOR.days)
    withdraw_departed(now=now)
    letter = cast.leader.letters.get(kind="seminars.departed_from_line")
    assert "Odd Rud" in letter.text
    assert letter.subject == "1 du er spurt om, har sluttet og er meldt av seminar"
    assert small.title in letter.text


def test_a_line_manager_gets_one_letter_about_several_and_none_when_not_asked(cast, now, today):
    seminar = make_seminar(cast.agency, created_by=cast.organiser, capacity=5)
    names = ["Odd Rud", "Eva Lie"]
    for name in names:
        gone = make_employee(cast.unit, name)
        make_registration(seminar, gone, approver=cast.leader, approved_at=now)
        leave(gone, today, days_ago=MISSING_FOR.days)
    unasked = make_employee(cast.sibling_unit)
    make_registration(seminar, unasked)
    leave(unasked, today, days_ago=MISSING_FOR.days)
    withdraw_departed(now=now)
    letter = cast.leader.letters.get(kind="seminars.departed_from_line")
    assert [name in letter.text for name in names] == [True, True]
    assert kinds(cast.manager) == []


def test_a_line_manager_who_has_left_too_gets_no_letter(small, cast, now, today):
    gone = make_employee(cast.unit)
    make_registration(small, gone, approver=cast.leader, approved_at=now)
    leave(gone, today, days_ago=MISSING_FOR.days)
    cast.leader.is_active = False
    cast.leader.save()
    withdraw_departed(now=now)
    assert kinds(cast.leader) == []
