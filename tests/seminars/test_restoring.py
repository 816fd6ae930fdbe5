"""A refusal by mistake is taken back: by the line manager, or by the organiser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from people.models import AuditRecord, Role
from seminars.approvals.actions import decline_registration
from seminars.approvals.restore_actions import restore_declined
from seminars.models import Answer, Needs, Question, Registration
from seminars.refusals import AlreadyRegistered, Full, NotChangeable, NotOpen
from seminars.requirements.actions import write_needs
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.factories import make_employee, make_leader, make_role
from tests.seminars.factories import make_choice, make_seminar

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def asking(cast):
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1, approval_days=3)


def register(seminar, person, now) -> Registration:
    return register_for_seminar(seminar=seminar, by=person, now=now)


def declined(seminar, cast, now) -> Registration:
    asked = register(seminar, cast.employee, now)
    return decline_registration(registration=asked, by=cast.leader, reason="Feil", now=now + HOUR)


def kinds(person) -> list[tuple[str, str]]:
    return list(person.letters.order_by("pk").values_list("kind", "calendar_method"))


@pytest.mark.parametrize("who", ["leader", "organiser"])
def test_the_seat_is_the_persons_after_all_from_when_they_first_came(cast, asking, now, who):
    row = declined(asking, cast, now)
    by = getattr(cast, who)
    restored = restore_declined(registration=row, by=by, now=now + 2 * HOUR)
    assert (restored.state, restored.user) == ("registered", cast.employee)
    assert (restored.queued_at, restored.approved_at) == (row.queued_at, now + 2 * HOUR)
    assert kinds(cast.employee)[1:] == [
        ("seminars.not_approved", ""),
        ("seminars.restored", ""),
        ("seminars.confirmed", "REQUEST"),
    ]
    last = AuditRecord.objects.order_by("-pk")[0]
    assert (last.action, last.actor, last.on_behalf_of) == (
        "seminars.restore_declined",
        by,
        cast.employee,
    )
    assert faults(now=now + 2 * HOUR) == []


def test_whoever_got_the_seat_meanwhile_keeps_it(cast, asking, now):
    asked = register(asking, cast.employee, now)
    next_one = register(asking, cast.manager, now + HOUR)
    row = decline_registration(registration=asked, by=cast.leader, reason="x", now=now + HOUR)
    with pytest.raises(Full, match="gitt til en annen"):
        restore_declined(registration=row, by=cast.leader, now=now + 2 * HOUR)
    assert Registration.objects.active().get() == next_one
    assert "seminars.restored" not in [kind for kind, _method in kinds(cast.employee)]


def test_what_the_person_answered_needs_and_chose_comes_along(cast, asking, now):
    rooms = make_choice(asking, 1, 1)
    question = Question.objects.create(seminar=asking, text="Hotell?", kind="text")
    chosen = {rooms[1].choice_group_id: rooms[1].pk}
    asked = register_for_seminar(seminar=asking, by=cast.employee, now=now, choices=chosen)
    Answer.objects.create(registration=asked, question=question, values=["Ja"])
    write_needs(
        registration=asked, diet=["vegan"], access=[], details="", by=cast.employee, now=now
    )
    row = decline_registration(registration=asked, by=cast.leader, reason="x", now=now)
    restored = restore_declined(registration=row, by=cast.leader, now=now + HOUR)
    assert restored.choices.get().session == rooms[1]
    assert Answer.objects.get().registration == restored
    assert Needs.objects.get().registration == restored


def test_nothing_is_restored_twice(cast, asking, now):
    row = declined(asking, cast, now)
    restored = restore_declined(registration=row, by=cast.leader, now=now + HOUR)
    with pytest.raises(NotChangeable, match="siden"):
        restore_declined(registration=row, by=cast.leader, now=now + HOUR)
    withdraw_registration(registration=restored, by=cast.employee, now=now + 2 * HOUR)
    with pytest.raises(NotChangeable, match="siden"):
        restore_declined(registration=row, by=cast.leader, now=now + 3 * HOUR)


def test_only_what_was_declined_is_restored(cast, asking, now):
    asked = register(asking, cast.employee, now)
    with pytest.raises(NotChangeable, match="ikke avslått"):
        restore_declined(registration=asked, by=cast.leader, now=now)


def test_nothing_is_restored_in_what_is_over(cast, asking, now):
    row = declined(asking, cast, now)
    with pytest.raises(NotOpen):
        restore_declined(registration=row, by=cast.leader, now=asking.ends_at + HOUR)


def test_whoever_registered_again_is_in_once(cast, asking, now):
    row = declined(asking, cast, now)
    register(asking, cast.employee, now + HOUR)
    with pytest.raises((NotChangeable, AlreadyRegistered)):
        restore_declined(registration=row, by=cast.leader, now=now + 2 * HOUR)
    assert Registration.objects.active().count() == 1


def test_the_line_manager_takes_it_back_from_the_page(cast, asking, now, signed_in):
    row = declined(asking, cast, now)
    url = reverse("seminars:restore_declined", args=[asking.pk, row.pk])
    page = signed_in(cast.leader).get(reverse("seminars:approve", args=[asking.pk, row.pk]))
    assert url in page.content.decode()
    answer = signed_in(cast.leader).post(url, follow=True)
    assert "Avslaget er trukket tilbake. Even Moen har plass." in answer.content.decode()
    assert Registration.objects.active().get().user == cast.employee


def test_the_organiser_takes_it_back_from_the_list(cast, asking, now, signed_in):
    row = declined(asking, cast, now)
    url = reverse("seminars:restore_declined", args=[asking.pk, row.pk])
    page = signed_in(cast.organiser).get(
        reverse("seminars:participants", args=[asking.pk]), {"state": "declined"}
    )
    assert url in page.content.decode()
    signed_in(cast.organiser).post(url)
    assert Registration.objects.active().get().user == cast.employee


def test_nobody_takes_back_a_refusal_of_their_own(cast, asking, now, signed_in):
    """Neither the leader whose registration it is, nor an organiser."""
    make_role(cast.leader, Role.ORGANISER, cast.other_agency)
    asked = register(asking, cast.leader, now)
    row = decline_registration(registration=asked, by=cast.manager, reason="x", now=now)
    url = reverse("seminars:restore_declined", args=[asking.pk, row.pk])
    assert signed_in(cast.leader).post(url).status_code == 404
    assert signed_in(cast.manager).post(url).status_code == 302


# ---- the negative half of who may do what to which row -------------------------------------------


def test_approvable_by_leaves_out_ones_own_registration(cast, asking, now, today):
    """A leader leads the unit they are registered in, and does not approve their own seat."""
    row = register(asking, cast.leader, now)
    assert list(Registration.objects.approvable_by(cast.leader, on=today)) == []
    assert list(Registration.objects.approvable_by(cast.manager, on=today)) == [row]


def test_a_leader_does_not_answer_for_their_own_seat_from_the_page(cast, asking, now, signed_in):
    row = register(asking, cast.leader, now)
    url = reverse("seminars:approve", args=[asking.pk, row.pk])
    assert signed_in(cast.leader).post(url, {"answer": "approve"}).status_code == 404
    assert Registration.objects.get(pk=row.pk).state == "awaiting"


def test_staff_of_leaves_out_the_leader_and_other_units(cast, now):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    stranger = make_leader(cast.sibling_unit, "Bo Berg")
    own = register(seminar, cast.employee, now)
    for person in (cast.leader, stranger, make_employee(cast.sibling_unit, "Anna Ny")):
        register(seminar, person, now)
    staff = Registration.objects.filter(seminar=seminar).staff_of(cast.leader, units=[cast.unit.pk])
    assert list(staff) == [own]
