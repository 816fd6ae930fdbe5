from __future__ import annotations

import datetime as dt

import pytest

from people.models import AuditRecord
from seminars.invitations.actions import invite_leaders
from seminars.models import Invitation, SeminarState
from seminars.refusals import NotOpen
from tests.factories import make_leader, make_leadership, make_user
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
