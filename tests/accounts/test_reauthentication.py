import datetime as dt
import re
import time

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from common import dates
from outbox.models import Letter
from people.models import User

SENSITIVE = "/konto/trinn-to/app/"
BY_CODE = "/konto/bekreft/kode/"
PASSWORD = "en-lang-og-god-setning"


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


@pytest.fixture
def browser(signed_in, employee: User) -> Client:
    return signed_in(employee)


def send_code(browser: Client) -> str:
    browser.post(BY_CODE, {"action": "send", "next": SENSITIVE})
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", Letter.objects.first().text)
    assert found is not None
    return found[0]


def confirm(browser: Client, code: str):
    return browser.post(BY_CODE, {"action": "confirm", "code": code, "next": SENSITIVE})


def test_whoever_has_neither_password_nor_passkey_is_asked_too(browser: Client) -> None:
    answer = browser.get(SENSITIVE)
    assert answer.headers["Location"] == f"{BY_CODE}?next=%2Fkonto%2Ftrinn-to%2Fapp%2F"


def test_a_code_by_letter_confirms_and_leads_on(browser: Client, employee: User) -> None:
    answer = confirm(browser, send_code(browser).lower().replace("-", " "))
    assert answer.headers["Location"] == SENSITIVE
    assert browser.get(SENSITIVE).status_code == 200
    request = type("Request", (), {"session": browser.session})()
    record = get_authentication_records(request, employee)[-1]
    assert (record["method"], record["reauthenticated"]) == ("code", True)


def test_a_confirmation_lasts_five_minutes(browser: Client, monkeypatch) -> None:
    confirm(browser, send_code(browser))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert browser.get(SENSITIVE).status_code == 302


def test_a_code_works_once(browser: Client) -> None:
    code = send_code(browser)
    confirm(browser, code)
    assert "Koden er feil" in confirm(browser, code).content.decode()


def test_a_code_is_too_old_after_ten_minutes(browser: Client, monkeypatch) -> None:
    code = send_code(browser)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert confirm(browser, code).status_code == 200


def test_the_page_says_when_the_code_was_sent_and_until_when_it_works(
    browser: Client, monkeypatch
) -> None:
    send_code(browser)
    sent_at = browser.session["portal_reauthentication_code"]["at"]
    sent = dt.datetime.fromtimestamp(sent_at, tz=dt.UTC)
    monkeypatch.setattr(time, "time", lambda: sent_at + 9 * 60)
    page = " ".join(browser.get(BY_CODE).content.decode().split())
    until = dates.clock(sent + dt.timedelta(minutes=10))
    assert f"kl. {dates.clock(sent)}. Den gjelder til kl. {until}." in page
    monkeypatch.setattr(time, "time", lambda: sent_at + 601)
    page = browser.get(BY_CODE).content.decode()
    assert "Koden vi sendte, gjelder ikke lenger." in page
    assert "Send koden" in page


def test_three_wrong_guesses_end_the_code(browser: Client) -> None:
    code = send_code(browser)
    for _attempt in range(3):
        confirm(browser, "XXXX-XXXX")
    assert confirm(browser, code).status_code == 200
    assert browser.get(SENSITIVE).status_code == 302


def test_an_empty_code_is_an_error_at_the_field(browser: Client) -> None:
    send_code(browser)
    assert 'id="id_code_error"' in confirm(browser, "").content.decode()


def test_the_code_is_not_in_the_session(browser: Client) -> None:
    code = send_code(browser)
    assert code not in str(dict(browser.session))


def test_asking_for_codes_has_an_end(browser: Client) -> None:
    answers = [browser.post(BY_CODE, {"action": "send"}).status_code for _attempt in range(11)]
    assert answers == [200] * 10 + [429]


def test_it_never_leads_to_another_site(browser: Client) -> None:
    code = send_code(browser)
    answer = browser.post(
        BY_CODE, {"action": "confirm", "code": code, "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_a_second_factor_is_not_replaced_by_a_mailbox(browser: Client, employee: User) -> None:
    TOTP.activate(employee, generate_totp_secret())
    RecoveryCodes.activate(employee)
    assert browser.get(BY_CODE).status_code == 403


def test_a_password_may_be_used_instead(browser: Client, employee: User) -> None:
    employee.set_password(PASSWORD)
    employee.save()
    browser.force_login(employee)
    assert browser.get(SENSITIVE).headers["Location"].startswith("/konto/bekreft/?next=")
    page = browser.get("/konto/bekreft/", {"next": SENSITIVE}).content.decode()
    assert BY_CODE in page
    answer = browser.post("/konto/bekreft/", {"password": PASSWORD, "next": SENSITIVE})
    assert answer.headers["Location"] == SENSITIVE


@pytest.mark.parametrize("asked", ["get", "send", "confirm"])
def test_another_way_of_confirming_leads_on_to_the_same_place(
    browser: Client, employee: User, asked: str
) -> None:
    """Whoever waited in vain for the code and took the password instead, came to the front page."""
    employee.set_password(PASSWORD)
    employee.save()
    browser.force_login(employee)
    if asked == "get":
        page = browser.get(BY_CODE, {"next": SENSITIVE})
    else:
        page = browser.post(BY_CODE, {"action": asked, "code": "FEIL-FEIL", "next": SENSITIVE})
    ways = {way["id"]: way["url"] for way in page.context["reauthentication_alternatives"]}
    assert ways["reauthenticate"] == "/konto/bekreft/?next=%2Fkonto%2Ftrinn-to%2Fapp%2F"
    assert escape(ways["reauthenticate"]) in page.content.decode()


def test_no_way_of_confirming_leads_to_another_site(browser: Client, employee: User) -> None:
    employee.set_password(PASSWORD)
    employee.save()
    browser.force_login(employee)
    page = browser.get(BY_CODE, {"next": "https://evil.example/"})
    assert "evil.example" not in str(page.context["reauthentication_alternatives"])


def test_a_first_password_cannot_be_chosen_unasked(browser: Client, employee: User) -> None:
    """Else whoever found a signed-in browser could choose one, and then confirm with it."""
    data = {"password1": PASSWORD, "password2": PASSWORD}
    assert browser.post("/konto/passord/velg/", data).status_code == 302
    employee.refresh_from_db()
    assert employee.has_usable_password() is False


def test_what_does_not_need_it_does_not_ask(browser: Client, settings) -> None:
    settings.MFA_REAUTHENTICATION_REQUIRED = False
    assert browser.get(SENSITIVE).status_code == 200


def test_nobody_signed_in_has_no_way_to_confirm() -> None:
    assert get_adapter().get_reauthentication_methods(AnonymousUser()) == []


def test_the_pages_for_passkeys_speak_bokmal(browser: Client, employee: User) -> None:
    confirm(browser, send_code(browser))
    page = browser.get("/konto/trinn-to/passnokler/ny/").content.decode()
    assert "Navn på nøkkelen" in page
    assert "Logg inn med bare denne nøkkelen" in page
    key = Authenticator.objects.create(
        user=employee, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefonen"}
    )
    assert (
        "Navn på nøkkelen" in browser.get(f"/konto/trinn-to/passnokler/{key.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    "answer",
    ["", "null", "1", "[]", "{", '{"id": "x"}', '{"id": "eA", "rawId": "eA", "response": {}}',
     '{"id": "eA", "rawId": 7, "type": "public-key", "response": {"clientDataJSON": "e30"}}'],
)  # fmt: skip
def test_a_passkey_that_is_none_is_refused_on_its_page(browser: Client, answer: str) -> None:
    confirm(browser, send_code(browser))
    address = "/konto/trinn-to/passnokler/ny/"
    assert browser.get(address).status_code == 200
    page = browser.post(address, {"name": "Min egen nøkkel", "credential": answer})
    assert page.status_code in (200, 422)
    assert "Min egen nøkkel" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_nobody_elses_passkey_can_be_touched(browser: Client, leader: User) -> None:
    confirm(browser, send_code(browser))
    key = Authenticator.objects.create(
        user=leader, type=Authenticator.Type.WEBAUTHN, data={"name": "Lederens"}
    )
    for url in (
        f"/konto/trinn-to/passnokler/{key.pk}/",
        f"/konto/trinn-to/passnokler/{key.pk}/fjern/",
    ):
        assert browser.post(url, {"name": "Min"}).status_code == 404
    key.refresh_from_db()
    assert key.data == {"name": "Lederens"}


def test_ones_own_account_page_says_what_is_set_up(browser: Client, employee: User) -> None:
    assert "Du har ikke noe passord" in browser.get("/konto/").content.decode()
    employee.set_password(PASSWORD)
    employee.save()
    browser.force_login(employee)
    TOTP.activate(employee, generate_totp_secret())
    page = browser.get("/konto/").content.decode()
    assert "Endre passord" in page
    assert "Du har sikret brukeren din" in page
