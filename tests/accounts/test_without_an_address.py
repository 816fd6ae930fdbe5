"""Somebody without an address is nobody to sign in as, whatever is typed where one should stand."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from accounts.letters import holder_of
from outbox.models import Letter
from people.models import User
from people.rules import may_sign_in
from tests.accounts.provider import Provider
from tests.accounts.test_identity_provider import claims_of, provider, sign_in, signed_in_as
from tests.accounts.test_signing_in import LOGIN_URL, PASSWORD, is_signed_in, with_password
from tests.cast import Cast
from tests.factories import make_employee, make_user
from tests.worker import run_waiting_tasks, waiting_tasks

__all__ = ["provider"]

NOBODY = [
    "",
    " ",
    "None",
    "none",
    "NULL",
    "null",
    "undefined",
    "@",
    "%",
    "_",
    "\x00",
    "None@",
    "[]",
]


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()
    waiting_tasks()


@pytest.fixture
def cleaner(cast: Cast) -> User:
    """Works here, with a password from when they had an address."""
    return with_password(make_employee(cast.unit, "Rut Vask", email=None))


def without_address(user: User) -> User:
    User.objects.filter(pk=user.pk).update(email=None)
    user.refresh_from_db()
    return user


@pytest.mark.parametrize("typed", NOBODY)
def test_no_password_lets_anybody_in_without_an_address(
    client: Client, cleaner: User, typed: str
) -> None:
    make_user("Ola Vask", email=None)
    answer = client.post(LOGIN_URL, {"login": typed, "password": PASSWORD})
    assert answer.status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("url", ["/konto/logg-inn/kode/", "/konto/passord/glemt/"])
@pytest.mark.parametrize("typed", [*NOBODY, "none@example.org"])
def test_no_code_and_no_link_goes_to_anybody_without_an_address(
    client: Client, cleaner: User, url: str, typed: str
) -> None:
    assert client.post(url, {"email": typed}).status_code in (200, 302)
    run_waiting_tasks()
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("asked", [None, "", "None"])
def test_nobody_holds_an_address_that_is_none(cleaner: User, asked: str | None) -> None:
    assert holder_of(asked) is None
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(asked)


def test_an_address_that_only_the_library_remembers_lets_nobody_in(
    client: Client, cleaner: User
) -> None:
    EmailAddress.objects.create(user=cleaner, email="rut@example.org", verified=True, primary=True)
    answer = client.post(LOGIN_URL, {"login": "rut@example.org", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Be HR der du arbeider" in answer.content.decode()
    assert not is_signed_in(client)


def test_no_provider_lets_anybody_in_without_an_address(
    client: Client, provider: Provider, cleaner: User
) -> None:
    provider.claims = claims_of(cleaner, email="rut@example.org")
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert "har du ingen e-postadresse" in answer.content.decode()
    assert signed_in_as(client) is None


def test_a_subject_that_is_known_lets_nobody_in_once_the_address_is_gone(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    assert signed_in_as(client) == str(employee.pk)
    without_address(employee)
    browser = Client()
    assert sign_in(browser, provider).status_code == 403
    assert signed_in_as(browser) is None
    assert SocialAccount.objects.get().user == employee


def test_a_session_ends_when_the_address_is_taken_away(signed_in, employee: User) -> None:
    browser = signed_in(employee)
    assert browser.get("/").status_code == 200
    without_address(employee)
    answer = browser.get("/avtaler/")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (403, "true")
    assert "Be HR der du arbeider" in answer.content.decode()
    assert "None" not in answer.content.decode()
    assert "_auth_user_id" not in browser.session


def test_an_address_and_a_position_let_in_and_neither_does_alone(
    cast: Cast, cleaner: User, today: dt.date
) -> None:
    assert may_sign_in(cast.employee, today)
    assert not may_sign_in(cleaner, today)
    assert not may_sign_in(make_user("Gjest"), today)
