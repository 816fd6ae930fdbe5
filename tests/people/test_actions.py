"""Granting and ending roles: what is stored, what the trail says, and what is refused."""

import datetime as dt

import pytest

from people.actions import RoleRefused, end_role, grant_role
from people.models import AuditRecord, Role, RoleGrant
from tests.cast import Cast
from tests.factories import make_role

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def trail() -> list[tuple]:
    return [
        (one.action, one.object_id, one.actor, one.details) for one in AuditRecord.objects.all()
    ]


def test_granted_role_is_stored_with_its_giver_and_its_trail(cast: Cast, today: dt.date) -> None:
    grant = grant_role(
        user=cast.stranger,
        role=Role.HR,
        unit=cast.other_agency,
        by=cast.administrator,
        valid_from=today,
        valid_to=today + DAY,
        today=today,
    )
    assert (grant.user, grant.role, grant.unit, grant.granted_by) == (
        cast.stranger,
        Role.HR,
        cast.other_agency,
        cast.administrator,
    )
    assert (grant.valid_from, grant.valid_to) == (today, today + DAY)
    details = {"role": "hr", "unit": cast.other_agency.pk, "user": cast.stranger.pk}
    assert trail() == [("grant_role", str(grant.pk), cast.administrator, details)]


def test_role_held_already_is_refused_without_a_trace(cast: Cast, today: dt.date) -> None:
    with pytest.raises(RoleRefused, match="Hanne Ruud har allerede denne rollen her"):
        grant_role(
            user=cast.hr,
            role=Role.HR,
            unit=cast.agency,
            by=cast.administrator,
            valid_from=today,
            today=today,
        )
    assert (cast.hr.role_grants.count(), trail()) == (1, [])


def test_ended_role_held_until_yesterday(cast: Cast, today: dt.date) -> None:
    grant = cast.hr.role_grants.get()
    end_role(grant=grant, by=cast.administrator, today=today)
    grant.refresh_from_db()
    assert grant.valid_to == today - DAY
    details = {"role": "hr", "unit": cast.agency.pk, "user": cast.hr.pk}
    assert trail() == [("end_role", str(grant.pk), cast.administrator, details)]


def test_role_ended_on_its_first_day_leaves_only_its_trail(cast: Cast, today: dt.date) -> None:
    grant = make_role(cast.stranger, Role.HR, cast.agency, since=today)
    pk = grant.pk
    end_role(grant=grant, by=cast.administrator, today=today)
    assert not RoleGrant.objects.filter(pk=pk).exists()
    assert [record[:2] for record in trail()] == [("end_role", str(pk))]


def test_administrator_cannot_end_their_own_role(cast: Cast, today: dt.date) -> None:
    grant = cast.administrator.role_grants.get()
    with pytest.raises(RoleRefused, match="din egen rolle"):
        end_role(grant=grant, by=cast.administrator, today=today)
    grant.refresh_from_db()
    assert (grant.valid_to, trail()) == (None, [])


def test_administrator_can_end_another_role_of_theirs(cast: Cast, today: dt.date) -> None:
    grant = make_role(cast.administrator, Role.HR, cast.agency)
    end_role(grant=grant, by=cast.administrator, today=today)
    assert grant.valid_to == today - DAY
