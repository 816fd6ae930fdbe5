"""Who must have a second factor reaches nothing without one, and everything with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.second_factor import NEEDS_TWO
from people.models import Role, User
from tests.cast import KINDS, Cast
from tests.factories import make_role

SignIn = Callable[[User], Client]
NEEDED = "/konto/trinn-to/trengs/"


@pytest.fixture(autouse=True)
def asked_for(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


def led_to(browser: Client, address: str = "/", **headers: str) -> str | None:
    location: str | None = browser.get(address, headers=headers).headers.get("Location")
    return location


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_asked_of_those_who_see_what_is_others(
    cast: Cast, signed_in: SignIn, kind: str
) -> None:
    browser = signed_in(getattr(cast, kind))
    expected = NEEDED if kind in {"organiser", "hr", "administrator"} else None
    for address in ("/", "/seminarer/", "/folk/meg/", "/konto/"):
        assert led_to(browser, address) == expected


@pytest.mark.parametrize("role", Role)
def test_each_role_is_asked_or_not(cast: Cast, signed_in: SignIn, role: Role) -> None:
    make_role(cast.stranger, role, cast.unit)
    expected = NEEDED if role in NEEDS_TWO else None
    assert (led_to(signed_in(cast.stranger)), role != Role.COORDINATOR) == (
        expected,
        role in NEEDS_TWO,
    )


def test_nothing_is_done_by_a_form_either(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.administrator)
    answer = browser.post(reverse("grant_role", args=[cast.unit.pk]), {})
    assert answer.headers["Location"] == NEEDED
    in_page = browser.get("/seminarer/", headers={"HX-Request": "true"})
    assert in_page.headers["HX-Redirect"] == NEEDED


def test_it_can_be_set_up_and_then_all_opens(cast: Cast, confirmed: SignIn) -> None:
    browser = confirmed(cast.hr)
    page = browser.get(NEEDED)
    assert "Du trenger ett trinn til" in page.content.decode()
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_index", "privacy", "account_logout"):
        assert browser.get(reverse(name)).status_code == 200
    TOTP.activate(cast.hr, generate_totp_secret())
    assert led_to(browser) is None
    assert led_to(browser, NEEDED) == "/"


@pytest.mark.parametrize("type_", ["totp", "webauthn", "recovery_codes"])
def test_codes_on_paper_alone_are_no_second_factor(
    cast: Cast, signed_in: SignIn, type_: str
) -> None:
    Authenticator.objects.create(user=cast.hr, type=type_, data={})
    expected = NEEDED if type_ == "recovery_codes" else None
    assert led_to(signed_in(cast.hr)) == expected


def test_the_last_one_stays_while_the_role_does(
    cast: Cast, confirmed: SignIn, settings: Any
) -> None:
    browser = confirmed(cast.hr)
    TOTP.activate(cast.hr, generate_totp_secret())
    page = browser.post(reverse("mfa_deactivate_totp")).content.decode()
    assert "Rollen din krever ett trinn til." in page
    assert Authenticator.objects.filter(user=cast.hr).count() == 1
    cast.hr.role_grants.all().delete()
    browser.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=cast.hr).count() == 0


@pytest.mark.parametrize(
    "changed", [{"SECOND_FACTOR_REQUIRED": False}, {"OIDC_SERVER_URL": "https://login.example"}]
)
def test_it_is_not_asked_for_where_another_asks_or_nobody_wants_it(
    cast: Cast, signed_in: SignIn, settings: Any, changed: dict[str, Any]
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    assert led_to(signed_in(cast.administrator)) is None


def test_whoever_has_one_costs_one_question_a_session(
    cast: Cast, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    TOTP.activate(cast.hr, generate_totp_secret())
    browser = signed_in(cast.hr)
    browser.get("/personvern/")
    browser.get("/")
    with django_assert_num_queries(2):
        browser.get("/tilgjengelighet/")
