"""Granting and ending roles: what is stored, what the trail says, and what is refused."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from people.actions import RoleRefused, end_role, grant_role
from people.models import AuditRecord, Role, RoleGrant, User
from tests.cast import Cast
from tests.factories import make_role, make_unit

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


def test_administrator_cannot_end_her_own_role(cast: Cast, today: dt.date) -> None:
    grant = cast.administrator.role_grants.get()
    with pytest.raises(RoleRefused, match="din egen rolle"):
        end_role(grant=grant, by=cast.administrator, today=today)
    grant.refresh_from_db()
    assert (grant.valid_to, trail()) == (None, [])


def test_administrator_can_end_another_role_of_hers(cast: Cast, today: dt.date) -> None:
    grant = make_role(cast.administrator, Role.HR, cast.agency)
    end_role(grant=grant, by=cast.administrator, today=today)
    assert grant.valid_to == today - DAY


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("grant_role", *arguments, stdout=out)
    return out.getvalue().strip()


def test_command_gives_the_first_administrator_the_whole_municipality(
    cast: Cast, today: dt.date
) -> None:
    said = command("Stranger@example.org", "administrator")
    assert said == "Sindre Foss: administrator, Solvik kommune"
    grant = cast.stranger.role_grants.get()
    assert (grant.unit, grant.valid_from, grant.granted_by) == (cast.municipality, today, None)


def test_command_gives_a_role_on_a_unit(cast: Cast) -> None:
    command("stranger@example.org", "hr", "--unit", cast.agency.hr_id)
    assert cast.stranger.role_grants.get().unit == cast.agency


def test_command_makes_the_person_when_told_her_name(cast: Cast) -> None:
    command("ny@example.org", "administrator", "--name", "Nina Ny")
    made = User.objects.get(email="ny@example.org")
    assert (made.name, made.hr_id, made.has_usable_password()) == ("Nina Ny", None, False)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["ingen@example.org", "hr"], "Det er ingen med adressen ingen@example.org."),
        (["feil", "hr", "--name", "Nina"], "gyldig e-postadresse"),
        (["hr@example.org", "hr", "--unit", "finnes ikke"], "Det er ingen slik enhet"),
    ],
)
def test_command_says_what_is_wrong(cast: Cast, arguments: list[str], refusal: str) -> None:
    with pytest.raises(CommandError, match=refusal):
        command(*arguments)


def test_command_refuses_a_role_held_already(cast: Cast) -> None:
    with pytest.raises(CommandError, match="har allerede denne rollen"):
        command("admin@example.org", "administrator")


def test_command_needs_units_first() -> None:
    with pytest.raises(CommandError, match="Importer enhetene først"):
        command("a@example.org", "administrator", "--name", "A")
    make_unit()
    command("a@example.org", "administrator", "--name", "A")
