"""Roles are given and ended by administrators: confirmed anew, seen by others, never to oneself."""

import datetime as dt
import html
import re
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.roles.actions import end_role, grant_role
from outbox.models import Letter
from people.actions import RoleRefused
from people.models import AuditRecord, Role, RoleGrant, Unit, User
from tests.cast import PASSWORD, Cast
from tests.factories import make_employee, make_role, make_unit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


@pytest.fixture
def small_administrator(cast: Cast) -> User:
    """Administers the bydel alone."""
    user = make_employee(cast.agency, "Siri Holm")
    make_role(user, Role.ADMINISTRATOR, cast.agency)
    return user


def granting(browser: Client, unit: Unit, **changed: str) -> Any:
    typed = {"person": "stranger@example.org", "role": "hr", "valid_from": "2099-01-01"}
    return browser.post(reverse("grant_role", args=[unit.pk]), typed | changed)


def test_administrator_grants_a_role(cast: Cast, confirmed: SignIn) -> None:
    browser = confirmed(cast.administrator)
    response = granting(browser, cast.unit, person="Stranger@Example.org", valid_to="2099-12-31")
    assert response.headers["Location"] == reverse("people:roles")
    grant = cast.stranger.role_grants.get()
    assert (grant.role, grant.unit, grant.granted_by) == (Role.HR, cast.unit, cast.administrator)
    assert (grant.valid_from, grant.valid_to) == (dt.date(2099, 1, 1), dt.date(2099, 12, 31))
    assert (
        "Sindre Foss har fått rollen, og får brev om det."
        in browser.get(response.headers["Location"]).content.decode()
    )


def test_administrator_cannot_grant_outside_their_part(
    cast: Cast, confirmed: SignIn, small_administrator: User
) -> None:
    browser = confirmed(small_administrator)
    for unit in (cast.municipality, cast.other_agency, cast.other_unit):
        assert granting(browser, unit).status_code == 403
    assert granting(browser, cast.unit).status_code == 302
    assert [grant.unit for grant in cast.stranger.role_grants.all()] == [cast.unit]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"person": "ingen@example.org"}, "passer med «ingen@example.org»"),
        ({"valid_from": "2020-01-01"}, "En rolle kan ikke gis tilbake i tid."),
        ({"valid_to": "2098-12-31"}, "Siste dag er før den første."),
        ({"person": "hr@example.org"}, "Hanne Ruud har allerede denne rollen her"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    cast: Cast, confirmed: SignIn, changed: dict[str, str], message: str
) -> None:
    before = RoleGrant.objects.count()
    response = granting(confirmed(cast.administrator), cast.agency, **changed)
    html = response.content.decode()
    assert response.status_code == 200
    assert message in html
    for typed in ({"valid_from": "2099-01-01"} | changed).values():
        assert typed in html
    assert RoleGrant.objects.count() == before


def test_unknown_role_is_an_error_at_its_field(cast: Cast, confirmed: SignIn) -> None:
    response = granting(confirmed(cast.administrator), cast.agency, role="konge")
    assert list(response.context["form"].errors) == ["role"]


def test_role_is_not_granted_to_one_who_may_not_sign_in(cast: Cast, confirmed: SignIn) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    response = granting(confirmed(cast.administrator), cast.agency)
    assert "passer med «stranger@example.org»" in response.content.decode()


def test_role_is_ended_after_a_question(cast: Cast, confirmed: SignIn, today: dt.date) -> None:
    browser = confirmed(cast.administrator)
    grant = cast.hr.role_grants.get()
    assert (
        "Hanne Ruud er HR for Bydel Fjordbyen"
        in browser.get(reverse("end_role", args=[grant.pk])).content.decode()
    )
    grant.refresh_from_db()
    assert grant.valid_to is None
    response = browser.post(reverse("end_role", args=[grant.pk]))
    assert response.headers["Location"] == reverse("people:roles")
    grant.refresh_from_db()
    assert grant.valid_to == today - DAY
    assert (
        "Rollen er avsluttet, og de det gjelder, får brev om det."
        in browser.get(response.headers["Location"]).content.decode()
    )
    assert browser.post(reverse("end_role", args=[grant.pk])).status_code == 404


def test_own_administrator_role_is_not_ended(cast: Cast, confirmed: SignIn) -> None:
    browser = confirmed(cast.administrator)
    own = cast.administrator.role_grants.get()
    response = browser.post(reverse("end_role", args=[own.pk]))
    assert (
        "Du kan ikke avslutte din egen"
        in browser.get(response.headers["Location"]).content.decode()
    )
    own.refresh_from_db()
    assert own.valid_to is None


def test_role_outside_the_part_cannot_be_ended(
    cast: Cast, confirmed: SignIn, small_administrator: User
) -> None:
    outside = cast.organiser.role_grants.get()
    response = confirmed(small_administrator).post(reverse("end_role", args=[outside.pk]))
    assert response.status_code == 404
    outside.refresh_from_db()
    assert outside.valid_to is None


# Confirmed anew


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_a_role_without_a_fresh_confirmation(
    cast: Cast, signed_in: SignIn, method: str
) -> None:
    browser = signed_in(cast.administrator)
    held = cast.hr.role_grants.get()
    typed = {"person": "stranger@example.org", "role": "hr", "valid_from": "2099-01-01"}
    for address in (
        reverse("grant_role", args=[cast.unit.pk]),
        reverse("end_role", args=[held.pk]),
    ):
        answer = getattr(browser, method)(address, typed, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/konto/bekreft/"), address
    held.refresh_from_db()
    assert (cast.stranger.role_grants.count(), held.valid_to) == (0, None)


def test_what_was_typed_too_late_is_kept_and_sent_by_nobody_else(
    cast: Cast, confirmed: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = confirmed(cast.administrator)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    asked = granting(browser, cast.unit, valid_to="2099-12-31")
    to_confirm = browser.get(asked.headers["Location"])
    page = browser.get(to_confirm.headers["Location"]).content.decode()
    assert "Ingenting er endret ennå." in page
    back = browser.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": asked.headers["Location"]}
    )
    assert back.headers["Location"] == reverse("grant_role", args=[cast.unit.pk])
    form = browser.get(back.headers["Location"]).content.decode()
    for value in ("stranger@example.org", "2099-01-01", "2099-12-31"):
        assert f'value="{value}"' in form
    assert re.search(r'value="hr"[^>]*checked', form)
    assert cast.stranger.role_grants.count() == 0
    assert granting(browser, cast.unit).status_code == 302
    assert cast.stranger.role_grants.count() == 1
    assert "stranger@example.org" not in browser.get(back.headers["Location"]).content.decode()


def test_what_was_typed_on_one_page_is_not_shown_on_another(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.administrator)
    browser.force_login(cast.administrator)
    granting(browser, cast.unit)
    cast.administrator.set_password(PASSWORD)
    cast.administrator.save()
    browser.force_login(cast.administrator)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    other = browser.get(reverse("grant_role", args=[cast.agency.pk]))
    assert "stranger@example.org" not in other.content.decode()


# Never to oneself


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_themselves_a_role(cast: Cast, today: dt.date, role: Role) -> None:
    mine = make_employee(cast.agency, "Siri Holm")
    make_role(mine, Role.ADMINISTRATOR, cast.agency)
    with pytest.raises(RoleRefused, match=r"gi deg selv en rolle.*: Astrid Vik"):
        grant_role(user=mine, role=role, unit=cast.unit, by=mine, today=today, valid_from=today)
    assert (mine.role_grants.count(), Letter.objects.count()) == (1, 0)


def test_who_is_alone_is_told_whom_to_ask(cast: Cast, confirmed: SignIn) -> None:
    answer = granting(confirmed(cast.administrator), cast.agency, person="admin@example.org")
    assert "Be dem som drifter portalen" in answer.content.decode()
    assert list(answer.context["form"].errors) == ["person"]
    assert cast.administrator.role_grants.count() == 1


def test_an_administrator_above_gives_what_one_may_not_take(
    cast: Cast, small_administrator: User, today: dt.date
) -> None:
    grant_role(
        user=small_administrator,
        role=Role.LOGISTICS,
        unit=cast.agency,
        by=cast.administrator,
        today=today,
        valid_from=today,
    )
    assert small_administrator.role_grants.filter(role=Role.LOGISTICS).exists()


def test_the_database_refuses_a_role_given_to_oneself(cast: Cast, today: dt.date) -> None:
    with pytest.raises(IntegrityError, match="role_is_granted_by_another"), transaction.atomic():
        make_role(cast.administrator, Role.HR, cast.agency, granted_by=cast.administrator)
    given = make_role(cast.administrator, Role.HR, cast.agency, granted_by=cast.stranger)
    with pytest.raises(IntegrityError, match="role_is_granted_by_another"), transaction.atomic():
        RoleGrant.objects.filter(pk=given.pk).update(granted_by=cast.administrator)


# Told


def told() -> set[tuple[str, str]]:
    letters = Letter.objects.filter(kind__startswith="people.role")
    return {(one.recipient.email, one.kind) for one in letters}


def test_who_has_it_and_who_watches_over_the_unit_get_a_letter(
    cast: Cast, small_administrator: User, today: dt.date
) -> None:
    by = make_employee(cast.agency, "Berit Li", email="berit@example.org")
    make_role(by, Role.ADMINISTRATOR, cast.agency)
    outside = make_employee(cast.other_agency, "Ute Nes")
    make_role(outside, Role.ADMINISTRATOR, cast.other_agency)
    grant = grant_role(
        user=cast.stranger, role=Role.HR, unit=cast.unit, by=by, today=today, valid_from=today
    )
    watching = {"berit@example.org", "admin@example.org", small_administrator.email}
    assert told() == {("stranger@example.org", "people.role_given")} | {
        (email, "people.role_given_to_another") for email in watching
    }
    given = Letter.objects.get(kind="people.role_given")
    assert "Du er HR for Hjemmetjenesten nord og alt under" in given.text
    assert "Berit Li" in given.text
    own = Letter.objects.get(recipient=by)
    assert "Var det ikke du som gjorde dette" in own.text
    Letter.objects.all().delete()
    end_role(grant=grant, by=by, today=today)
    assert told() == {(email, "people.role_ended") for email in {"stranger@example.org", *watching}}


def test_the_leader_is_told_where_nobody_else_watches(cast: Cast, today: dt.date) -> None:
    grant_role(
        user=cast.stranger,
        role=Role.LOGISTICS,
        unit=cast.unit,
        by=cast.administrator,
        today=today,
        valid_from=today,
    )
    assert told() == {
        ("stranger@example.org", "people.role_given"),
        ("admin@example.org", "people.role_given_to_another"),
        ("leader@example.org", "people.role_given_to_another"),
    }


def test_a_letter_about_a_role_is_in_the_language_of_its_reader(cast: Cast, today: dt.date) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(language="en")
    cast.stranger.refresh_from_db()
    grant_role(
        user=cast.stranger,
        role=Role.LOGISTICS,
        unit=cast.unit,
        by=cast.administrator,
        today=today,
        valid_from=today,
        valid_to=today + DAY,
    )
    letter = Letter.objects.get(kind="people.role_given")
    assert "You have the role of logistics for Hjemmetjenesten nord" in letter.text


# By command


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
    assert told() == {
        ("stranger@example.org", "people.role_given"),
        ("admin@example.org", "people.role_given_to_another"),
    }
    assert "dem som drifter portalen" in Letter.objects.get(kind="people.role_given").text
    assert AuditRecord.objects.get(action="grant_role").actor is None


def test_command_gives_a_role_on_a_unit(cast: Cast) -> None:
    command("stranger@example.org", "hr", "--unit", cast.agency.hr_id)
    assert cast.stranger.role_grants.get().unit == cast.agency


def test_command_makes_the_person_when_told_the_name(cast: Cast) -> None:
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


def test_every_role_is_explained_where_one_is_given(cast: Cast, confirmed: Any) -> None:
    """Each from the one table, and logistics says that what it opens is about health."""
    url = reverse("grant_role", args=[cast.unit.pk])
    page = html.unescape(confirmed(cast.administrator).get(url).content.decode())
    assert [role for role in Role if str(role.purpose) not in page] == []
    assert "helseopplysninger" in str(Role.LOGISTICS.purpose)
