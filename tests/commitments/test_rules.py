"""Each rule of an agreement, in each of its states: who may, and with that who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from commitments import rules
from commitments.amending.actions import amend_agreement
from commitments.models import Agreement, FollowUp, Party, Revision
from commitments.signing_authority import SigningCapacity
from people.models import User
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    plan_talk,
    propose,
    sign,
)
from tests.factories import make_employee, make_leadership, make_position

PEOPLE = ("leader", "employee", "stranger", "manager")
STATES: dict[str, Callable[[Cast], Revision]] = {
    "draft": make_draft,
    "proposed by the employee": make_proposal,
    "proposed by the leader": lambda cast: propose(
        make_draft(cast, by=cast.leader), by=cast.leader
    ),
    "agreed": make_agreed,
    "signed by the leader": lambda cast: sign(make_agreed(cast), by=cast.leader),
    "signed": make_signed,
    "being changed": lambda cast: changed(make_signed(cast), by=cast.leader),
}
OF_REVISION: dict[str, dict[str, str]] = {
    "may_edit": {
        "draft": "both",
        "proposed by the employee": "both",
        "proposed by the leader": "both",
        "agreed": "both",
        "signed by the leader": "both",
        "being changed": "both",
    },
    "may_prepare": {
        "draft": "both",
        "proposed by the employee": "both",
        "proposed by the leader": "both",
        "agreed": "both",
        "signed by the leader": "both",
        "being changed": "both",
    },
    "may_propose": {"draft": "both", "being changed": "both"},
    "may_answer": {"proposed by the employee": "leader", "proposed by the leader": "employee"},
    "may_decline": {
        "proposed by the employee": "leader",
        "proposed by the leader": "employee",
        "agreed": "both",
        "signed by the leader": "both",
    },
    "may_withdraw": {
        "proposed by the employee": "employee",
        "proposed by the leader": "leader",
        "being changed": "both",
    },
    "may_sign": {"agreed": "both", "signed by the leader": "employee"},
    "has_signed": {"signed by the leader": "leader", "signed": "both"},
    "may_reconcile": dict.fromkeys(STATES, "both"),
}
"""Whom the rule lets through; nobody in a state that is not named."""
ONLY_WHILE_IT_GOES_ON = OF_REVISION.keys() - {"has_signed"}


def changed(signed: Revision, *, by: User) -> Revision:
    amend_agreement(agreement=signed.agreement, reason="", by=by, now=timezone.now())
    return newest(signed.agreement)


def those_who_may(cast: Cast, rule: Callable[[User], bool]) -> list[str]:
    return [name for name in PEOPLE if rule(getattr(cast, name))]


def named(whom: str) -> list[str]:
    return ["leader", "employee"] if whom == "both" else [whom] if whom else []


@pytest.mark.parametrize("state", STATES)
def test_each_rule_lets_through_whom_it_names(cast: Cast, state: str) -> None:
    revision = STATES[state](cast)
    found = {
        name: those_who_may(cast, lambda user, name=name: getattr(rules, name)(user, revision))
        for name in OF_REVISION
    }
    assert found == {name: named(where.get(state, "")) for name, where in OF_REVISION.items()}


@pytest.mark.parametrize("state", STATES)
def test_nobody_does_anything_with_what_is_over(cast: Cast, state: str) -> None:
    """Neither with what is ended, nor with what a former leader signed."""
    revision = STATES[state](cast)
    agreement = revision.agreement
    for over in ("ended_at", "leader_access_ended_at"):
        setattr(agreement, over, clock.now())
        for name in ONLY_WHILE_IT_GOES_ON:
            rule = getattr(rules, name)
            assert those_who_may(cast, lambda user, rule=rule: rule(user, revision)) == []
        assert those_who_may(cast, lambda user: rules.goes_on(user, agreement)) == []
        assert those_who_may(cast, lambda user: rules.may_arrange(user, agreement)) == []
        assert those_who_may(cast, lambda user: rules.may_amend(user, agreement, revision)) == []
        setattr(agreement, over, None)
    assert those_who_may(cast, lambda user: rules.goes_on(user, agreement)) == named("both")


@pytest.mark.parametrize("state", STATES)
def test_may_amend_and_may_arrange_are_about_what_is_signed(cast: Cast, state: str) -> None:
    revision = STATES[state](cast)
    agreement = revision.agreement
    amends = those_who_may(cast, lambda user: rules.may_amend(user, agreement, revision))
    arranges = those_who_may(cast, lambda user: rules.may_arrange(user, agreement))
    assert amends == named("both" if state == "signed" else "")
    assert arranges == named("both" if state in ("signed", "being changed") else "")


def test_is_party_and_may_settle_when_the_leader_is_another(cast: Cast) -> None:
    agreement = make_signed(cast).agreement

    def parties() -> list[str]:
        return those_who_may(cast, lambda user: rules.is_party(user, agreement))

    def settlers() -> list[str]:
        return those_who_may(cast, lambda user: rules.may_settle(user, agreement))

    assert (parties(), settlers()) == (["leader", "employee"], [])
    agreement.leader_access_ended_at = clock.now()
    assert (parties(), settlers()) == (["employee"], ["employee"])
    agreement.ended_at = clock.now()
    assert settlers() == []


def test_may_hold_follow_up_once_by_the_two(cast: Cast) -> None:
    signed = make_signed(cast)
    talk: FollowUp = plan_talk(signed, clock.today())

    def holders() -> list[str]:
        return those_who_may(cast, lambda user: rules.may_hold_follow_up(user, talk))

    assert holders() == ["leader", "employee"]
    talk.held_at = clock.now()
    assert holders() == []


@pytest.mark.parametrize("state", STATES)
def test_may_sign_as_is_for_the_signature_that_is_missing(cast: Cast, state: str) -> None:
    revision = STATES[state](cast)
    agreement = revision.agreement

    def missing() -> list[str]:
        parties = (None, SigningCapacity(Party.LEADER), SigningCapacity(Party.EMPLOYEE))
        return [one.party for one in parties if one and rules.may_sign_as(one, revision)]

    assert rules.may_sign_as(None, revision) is False
    expected = {"agreed": ["leader", "employee"], "signed by the leader": ["employee"]}
    assert missing() == expected.get(state, [])
    for over in ("ended_at", "leader_access_ended_at"):
        setattr(agreement, over, clock.now())
        assert missing() == []
        setattr(agreement, over, None)


def test_may_start_is_for_the_two_where_one_leads_the_other(cast: Cast) -> None:
    today = clock.today()

    def starters(**changes: object) -> list[str]:
        pair = {"leader": cast.leader, "employee": cast.employee, "unit": cast.unit} | changes
        return those_who_may(cast, lambda user: rules.may_start(user, **pair, today=today))

    assert starters() == ["leader", "employee"]
    assert starters(leader=cast.manager) == []
    assert starters(employee=cast.stranger) == []
    assert starters(employee=make_employee(cast.unit, "En til")) == ["leader"]
    make_position(cast.employee, cast.other_unit)
    make_leadership(cast.manager, cast.other_unit)
    assert starters(unit=cast.other_unit) == []
    assert starters(unit=cast.other_unit, leader=cast.manager) == ["employee", "manager"]


def test_an_agreement_of_others_is_nobodys_business(cast: Cast) -> None:
    """To have signed one's own says nothing of another's."""
    own = make_signed(cast)
    other = Agreement.objects.get(pk=own.agreement_id)
    other.leader_id, other.employee_id = cast.manager.pk, cast.stranger.pk
    assert those_who_may(cast, lambda user: rules.is_party(user, other)) == ["stranger", "manager"]
