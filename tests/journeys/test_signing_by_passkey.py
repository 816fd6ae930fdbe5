"""A signature confirmed with a passkey, by a real key in the browser, and kept as just that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Signature
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import make_agreed
from tests.journeys.conftest import PASSWORD
from tests.journeys.stack import Stack
from tests.journeys.steps import follow

FINGERPRINT = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.parametrize("width", ["phone"])
def test_an_employee_signs_with_a_finger_on_the_phone(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given an employee with a passkey on the phone
    agreed = make_agreed(cast)
    page = browser_of(cast.employee)
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT})
    page.goto("/konto/trinn-to/passnokler/ny/")
    page.locator("input[type=password]").fill(PASSWORD)
    follow(page.get_by_role("button", name="Bekreft"))
    page.get_by_label("Navn på nøkkelen").fill("Telefonen")
    page.get_by_role("button", name="Legg til").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gjenopprettingskoder")

    # when the employee confirms who they are with it, and signs
    sign = f"/avtaler/{agreed.agreement_id}/signer/"
    page.goto(f"/konto/bekreft/passnokkel/?next={sign}")
    has_no_barriers(page)
    page.locator("main form button").first.click()
    # The whole address: the page before ends with the same words, after «next».
    expect(page).to_have_url(sign)
    expect(page.get_by_text("passnøkkel").first).to_be_visible()
    has_no_barriers(page)
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.locator(".lp-messages")).to_contain_text("Du har signert")

    # then the signature says so
    signature = Signature.objects.get()
    assert (signature.signer, signature.method) == (cast.employee, "webauthn")
    expect(page.get_by_text("Bekreftet med passnøkkel")).to_be_visible()


@pytest.mark.parametrize("width", ["phone"])
def test_a_key_made_by_the_forms_defaults_signs_in_and_one_that_is_not_there_is_told_of(
    cast: Cast, browser_of: Callable[[User], Page], has_no_barriers: Callable[[Page], None]
) -> None:
    # given a key that was added without another choice being made
    page = browser_of(cast.employee)
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    added = reader.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT})
    page.goto("/konto/trinn-to/passnokler/ny/")
    page.locator("input[type=password]").fill(PASSWORD)
    follow(page.get_by_role("button", name="Bekreft"))
    page.get_by_role("button", name="Legg til").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gjenopprettingskoder")

    # then it signs in alone
    page.context.clear_cookies()
    page.goto("/konto/logg-inn/")
    page.get_by_role("button", name="Bruk passnøkkel").click()
    expect(page).to_have_url("/")

    # and once it is gone from the phone, the page says that none was found
    reader.send("WebAuthn.clearCredentials", {"authenticatorId": added["authenticatorId"]})
    page.context.clear_cookies()
    page.goto("/konto/logg-inn/")
    page.get_by_role("button", name="Bruk passnøkkel").click()
    expect(page.get_by_role("alert")).to_contain_text("Passnøkkelen ble ikke brukt")
    has_no_barriers(page)
