from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from common.letters_wait import letters_wait
from common.sending_times import near
from people.models import AuditRecord
from seminars.invitations.actions import invite_leaders
from seminars.models import Invitation, SeminarState
from seminars.refusals import NotOpen
from tests import clock
from tests.factories import make_leader, make_leadership, make_user
from tests.messages import messages_in
from tests.seminars.factories import make_seminar


def test_invite_asks_each_leader_below_once(seminar, cast, organiser, now):
    invited = invite_leaders(seminar=seminar, units=[cast.agency], by=organiser, now=now)
    assert {row.user for row in invited} == {cast.leader, cast.manager}
    row = Invitation.objects.get(user=cast.leader)
    assert (row.unit, row.agency, row.was_leader) == (cast.unit, cast.agency, True)
    assert (row.invited_by, row.invited_at) == (organiser, now)
    letter = cast.leader.letters.get()
    assert (letter.kind, letter.calendar) == ("seminars.invitation", "")
    assert "Etat for læring inviterer deg" in letter.text


def test_invite_again_asks_only_those_who_are_new(seminar, cast, organiser, now):
    invite_leaders(seminar=seminar, units=[cast.agency], by=organiser, now=now)
    newcomer = make_leader(cast.sibling_unit, "Ny Leder")
    invited = invite_leaders(seminar=seminar, units=[cast.agency], by=organiser, now=now)
    assert [row.user for row in invited] == [newcomer]
    assert cast.leader.letters.count() == 1
    details = AuditRecord.objects.filter(action="seminars.invite").order_by("pk")
    assert [record.details["invited"] for record in details] == [2, 1]


def test_invite_passes_over_former_leaders_and_other_agencies(seminar, cast, organiser, now):
    former = make_user("Forrige Leder")
    ended = now.date() - dt.timedelta(days=1)
    make_leadership(former, cast.sibling_unit, until=ended)
    away = make_leader(cast.other_unit, "Et Annet Sted")
    gone = make_leader(cast.agency, "Har Sluttet", is_active=False)
    invited = invite_leaders(seminar=seminar, units=[cast.agency], by=organiser, now=now)
    assert {former, away, gone} & {row.user for row in invited} == set()


def test_a_leader_of_two_units_is_asked_once(seminar, cast, organiser, now):
    make_leadership(cast.leader, cast.sibling_unit)
    invite_leaders(seminar=seminar, units=[cast.agency, cast.unit], by=organiser, now=now)
    assert Invitation.objects.filter(user=cast.leader).count() == 1


@pytest.mark.parametrize("state", [SeminarState.DRAFT, SeminarState.CANCELLED])
def test_invite_to_what_is_not_held_is_refused(cast, organiser, now, state):
    seminar = make_seminar(cast.other_agency, created_by=organiser, state=state)
    with pytest.raises(NotOpen):
        invite_leaders(seminar=seminar, units=[cast.agency], by=organiser, now=now)
    assert Invitation.objects.count() == 0


def test_invite_asks_those_named_once_with_where_they_work(seminar, cast, organiser, now):
    named = [cast.employee, cast.leader, cast.employee]
    invited = invite_leaders(seminar=seminar, units=[], people=named, by=organiser, now=now)
    assert {row.user for row in invited} == {cast.employee, cast.leader}
    row = Invitation.objects.get(user=cast.employee)
    assert (row.unit, row.agency, row.was_leader) == (cast.unit, cast.agency, False)
    assert Invitation.objects.get(user=cast.leader).was_leader
    again = invite_leaders(seminar=seminar, units=[], people=named, by=organiser, now=now)
    assert (again, cast.employee.letters.count()) == ([], 1)
    assert AuditRecord.objects.filter(action="seminars.invite").first().details["named"] == 3


@pytest.fixture
def for_leaders(seminar):
    """For leaders alone, of whom each agency has more than those who were asked by name."""
    seminar.audiences.create(kind="leaders")
    return seminar


def test_all_of_the_audiences_are_asked_at_once(for_leaders, cast, organiser, now):
    invited = invite_leaders(
        seminar=for_leaders, units=[], is_to_audiences=True, by=organiser, now=now
    )
    assert {cast.leader, cast.manager} <= {row.user for row in invited}
    assert cast.employee not in {row.user for row in invited}
    assert Invitation.objects.get(user=cast.leader).was_leader
    assert AuditRecord.objects.get(action="seminars.invite").details["audiences"] is True


def test_whoever_is_asked_and_may_not_register_is_told_of_before_it_is_sent(
    for_leaders, cast, signed_in, organiser
):
    browser, url = signed_in(organiser), reverse("seminars:invitations", args=[for_leaders.pk])
    assert "Alle i målgruppen" in browser.get(url).content.decode()
    people = f"{cast.employee.email}\n{cast.leader.email}"
    response = browser.post(url, {"people": people})
    assert response.context["outside"] == [cast.employee]
    content = response.content.decode()
    assert "1 av dem kan ikke melde seg på" in content
    assert f"{cast.leader.name}, {cast.agency.name}" in content
    assert Invitation.objects.count() == 0


@pytest.mark.usefixtures("seminar")
def test_where_everybody_may_register_nobody_is_outside(cast, seminar, signed_in, organiser):
    browser, url = signed_in(organiser), reverse("seminars:invitations", args=[seminar.pk])
    assert "Alle i målgruppen" not in browser.get(url).content.decode()
    assert browser.post(url, {"people": cast.employee.email}).context["outside"] == []


def test_when_the_letters_go_is_said_before_and_after_they_are_asked(
    seminar, cast, signed_in, organiser
):
    """Whatever the hour is; at night it is a sentence, and by day there is none."""
    browser, url = signed_in(organiser), reverse("seminars:invitations", args=[seminar.pk])
    asked = {"people": cast.employee.email}
    response = browser.post(url, asked)
    when = near(seminar.starts_at, seminar.ends_at)
    waits = letters_wait("seminars.invitation", clock.now(), when=when)
    assert response.context["letters_wait"] == waits
    assert all(words in response.content.decode() for words in waits)
    sent = browser.post(url, asked | {"confirmed": ""}, follow=True)
    assert messages_in(sent) == [" ".join(["1 person er invitert.", *waits])]
