import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from allauth.account.internal.flows.login import get_authentication_records
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from commitments.models import Signature
from outbox.models import Letter
from people.models import AuditRecord, User
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, LEFT_OUT, Provider, signed_token
from tests.cast import Cast
from tests.commitments.factories import make_agreed

SIGN_IN = "/konto/logg-inn/jobbkonto/"
ANSWER = "/konto/logg-inn/jobbkonto/svar/"
SENSITIVE = "/konto/trinn-to/app/"
BY_PROVIDER = "/konto/bekreft/jobbkonto/"


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    running = Provider()
    settings.OIDC_SERVER_URL = running.issuer
    settings.OIDC_PROVIDER_NAME = "Entra ID"
    app = {
        "provider_id": "jobbkonto",
        "name": "Entra ID",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {
            "server_url": running.issuer,
            "uid_field": "oid",
            "fetch_userinfo": False,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    yield running
    running.close()


def claims_of(user: User, **changes: Any) -> dict[str, Any]:
    return {
        "sub": f"pairwise-{user.pk}",
        "oid": f"oid-{user.pk}",
        "employeeid": user.hr_id,
        "email": user.email,
        "auth_time": int(time.time()),
    } | changes


def sign_in(browser: Client, provider: Provider, url: str = SIGN_IN, **data: str):
    to_provider = browser.post(url, data)
    assert to_provider.status_code == 302, to_provider.content.decode()
    return browser.get(ANSWER, provider.authorize(to_provider.headers["Location"]))


def signed_in_as(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


def test_the_first_time_a_person_is_found_by_staff_number(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee, email="noe.annet@example.org")
    answer = sign_in(client, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert signed_in_as(client) == str(employee.pk)
    account = SocialAccount.objects.get(user=employee)
    assert "email" not in account.extra_data["id_token"]
    assert account.uid == f"{provider.issuer}|oid-{employee.pk}"
    assert AuditRecord.objects.filter(action="portal.link_identity", actor=employee).count() == 1


def test_the_next_time_the_subject_is_enough(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    client.logout()
    provider.claims = claims_of(employee, employeeid=None)
    sign_in(client, provider)
    assert signed_in_as(client) == str(employee.pk)


def test_an_email_alone_lets_nobody_in(client: Client, provider: Provider, employee: User) -> None:
    provider.claims = claims_of(employee, employeeid="99999", email_verified=True)
    answer = sign_in(client, provider)
    assert (answer.status_code, "kjenner deg ikke" in answer.content.decode()) == (403, True)
    assert "oppga ansattnummeret 99999" in answer.content.decode()
    assert signed_in_as(client) is None
    assert SocialAccount.objects.count() == 0
    assert User.objects.filter(email=employee.email).count() == 1


@pytest.mark.parametrize("number", [None, "", "  ", 7])
def test_no_staff_number_is_nobody(
    client: Client, provider: Provider, employee: User, number: object
) -> None:
    provider.claims = claims_of(employee, employeeid=number)
    assert sign_in(client, provider).status_code == 403
    assert signed_in_as(client) is None


def test_another_subject_cannot_take_over_a_known_person(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    client.logout()
    provider.claims = claims_of(employee, oid="somebody-else")
    assert sign_in(client, provider).status_code == 403
    assert signed_in_as(client) is None


def test_the_same_subject_from_another_issuer_is_refused(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee, iss="https://elsewhere.example/v2.0")
    sign_in(client, provider)
    assert signed_in_as(client) is None


def test_code_and_pkce_are_asked_for(client: Client, provider: Provider, employee: User) -> None:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    asked = provider.asked[0]
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")


def test_whoever_has_no_position_is_not_let_in(
    client: Client, provider: Provider, employee: User, today
) -> None:
    employee.positions.update(valid_to=today.replace(year=today.year - 1))
    provider.claims = claims_of(employee)
    assert sign_in(client, provider).status_code == 403
    assert signed_in_as(client) is None


def test_a_password_lets_nobody_in_where_there_is_a_provider(
    client: Client, provider: Provider, employee: User
) -> None:
    employee.set_password("en-lang-og-god-setning")
    employee.save()
    answer = client.post(
        "/konto/logg-inn/", {"login": employee.email, "password": "en-lang-og-god-setning"}
    )
    assert answer.status_code == 403
    assert signed_in_as(client) is None


def test_the_sign_in_page_offers_the_provider_alone(client: Client, provider: Provider) -> None:
    page = client.get("/konto/logg-inn/").content.decode()
    assert "Logg inn med Entra ID" in page
    assert 'name="password"' not in page


@pytest.mark.parametrize(
    "url",
    [
        "/konto/logg-inn/kode/",
        "/konto/logg-inn/passnokkel/",
        "/konto/passord/glemt/",
        "/konto/passord/velg/",
        "/konto/passord/",
    ],
)
def test_where_there_is_a_provider_nobody_is_sent_a_code(
    client: Client, provider: Provider, employee: User, url: str
) -> None:
    answer = client.post(url, {"email": employee.email})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/logg-inn/")
    assert Letter.objects.count() == 0


def test_where_there_is_a_provider_the_account_page_says_who_decides(browser: Client) -> None:
    page = browser.get("/konto/").content.decode()
    assert ("Entra ID" in page, "Velg et passord" in page) == (True, False)


def test_an_answer_that_nobody_asked_for_is_an_error_page(
    client: Client, provider: Provider, db: None
) -> None:
    answer = client.get(ANSWER, {"code": "x", "state": "y"})
    assert answer.status_code == 401
    assert "Innloggingen gikk ikke" in answer.content.decode()


@pytest.fixture
def browser(client: Client, provider: Provider, employee: User) -> Client:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    return client


def last_record(browser: Client, user: User) -> dict[str, Any]:
    request = type("Request", (), {"session": browser.session})()
    return get_authentication_records(request, user)[-1]


def test_a_sensitive_step_sends_to_the_provider(browser: Client) -> None:
    answer = browser.get(SENSITIVE)
    assert answer.headers["Location"].startswith(BY_PROVIDER)
    assert "Entra ID" in browser.get(answer.headers["Location"]).content.decode()


def test_confirming_at_the_provider_leads_on(
    browser: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    answer = sign_in(browser, provider, BY_PROVIDER, next=SENSITIVE)
    assert answer.headers["Location"] == SENSITIVE
    asked = provider.asked[-1]
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    record = last_record(browser, employee)
    assert (record["method"], record["reauthenticated"]) == ("socialaccount", True)
    assert browser.get(SENSITIVE).status_code == 200


NOT_TOLD = "Entra ID sier ikke når du logget inn"
NOT_ASKED = "Entra ID spurte deg ikke på nytt"


@pytest.mark.parametrize(
    ("auth_time", "words"),
    [
        (None, NOT_TOLD),
        ("now", NOT_TOLD),
        (True, NOT_TOLD),
        (1.5, NOT_TOLD),
        ("\x00", NOT_TOLD),
        (0, NOT_ASKED),
        ("an hour ago", NOT_ASKED),
        ("two minutes ago", NOT_ASKED),
        ("in an hour", NOT_ASKED),
    ],
)
def test_a_provider_that_did_not_ask_again_confirms_nothing(
    browser: Client, provider: Provider, employee: User, auth_time: object, words: str
) -> None:
    apart = {"an hour ago": -3600, "two minutes ago": -120, "in an hour": 3600}
    if isinstance(auth_time, str) and auth_time in apart:
        auth_time = int(time.time()) + apart[auth_time]
    provider.claims = claims_of(employee, auth_time=auth_time)
    answer = sign_in(browser, provider, BY_PROVIDER, next=SENSITIVE)
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, words in page) == (403, True)
    assert "Ingenting er signert eller endret." in page
    assert browser.get(SENSITIVE).status_code == 302


def test_a_provider_that_leaves_the_time_out_confirms_nothing(
    browser: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    del provider.claims["auth_time"]
    answer = sign_in(browser, provider, BY_PROVIDER, next=SENSITIVE)
    assert (answer.status_code, NOT_TOLD in answer.content.decode()) == (403, True)


def test_clocks_that_are_a_little_apart_do_no_harm(
    browser: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee, auth_time=int(time.time()) - 20)
    answer = sign_in(browser, provider, BY_PROVIDER, next=SENSITIVE)
    assert answer.headers["Location"] == SENSITIVE


def test_an_answer_confirms_only_the_question_that_was_put(
    browser: Client, provider: Provider, employee: User
) -> None:
    """The mark of a question is used up, and an answer without one is no answer."""
    provider.claims = claims_of(employee)
    to_provider = browser.post(BY_PROVIDER, {"next": SENSITIVE})
    session = browser.session
    del session["portal_provider_asked_at"]
    session.save()
    answer = browser.get(ANSWER, provider.authorize(to_provider.headers["Location"]))
    assert (answer.status_code, NOT_ASKED in answer.content.decode()) == (403, True)


def test_a_signature_is_confirmed_at_the_provider_and_says_so(
    browser: Client, provider: Provider, employee: User, cast: Cast
) -> None:
    agreed = make_agreed(cast)
    address = f"/avtaler/{agreed.agreement_id}/signer/"
    asked = browser.get(address)
    assert asked.headers["Location"].startswith(BY_PROVIDER)
    provider.claims = claims_of(employee)
    answer = sign_in(browser, provider, BY_PROVIDER, next=address)
    assert answer.headers["Location"] == address
    browser.post(address, {"revision": agreed.pk, "sha256": agreed.sha256})
    signature = Signature.objects.get()
    assert (signature.signer, signature.method) == (employee, "socialaccount")
    assert signature.authenticated_at <= signature.signed_at


@pytest.mark.parametrize("auth_time", [None, 0])
def test_without_its_word_nothing_is_signed(
    browser: Client, provider: Provider, employee: User, cast: Cast, auth_time: object
) -> None:
    agreed = make_agreed(cast)
    address = f"/avtaler/{agreed.agreement_id}/signer/"
    provider.claims = claims_of(employee, auth_time=auth_time)
    sign_in(browser, provider, BY_PROVIDER, next=address)
    browser.post(address, {"revision": agreed.pk, "sha256": agreed.sha256})
    assert Signature.objects.count() == 0


def test_somebody_else_at_the_provider_confirms_nothing(
    browser: Client, provider: Provider, employee: User, stranger: User
) -> None:
    provider.claims = claims_of(stranger)
    assert sign_in(browser, provider, BY_PROVIDER, next=SENSITIVE).status_code == 403
    assert signed_in_as(browser) == str(employee.pk)
    assert browser.get(SENSITIVE).status_code == 302


def test_confirming_never_leads_to_another_site(
    browser: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    answer = sign_in(browser, provider, BY_PROVIDER, next="https://evil.example/")
    assert answer.headers["Location"] == "/"


def settings_with(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("OIDC_")}
    names = ("OIDC_SERVER_URL", "FORM_TARGETS", "SOCIALACCOUNT_PROVIDERS")
    source = (
        f"from portal.settings import signing_in as s; print(*(getattr(s, n) for n in {names}))"
    )
    return subprocess.run(
        [sys.executable, "-c", source],
        env=clean | environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_provider_that_is_half_set_up_is_said_at_once() -> None:
    done = settings_with(OIDC_SERVER_URL="https://login.example/t/v2.0", OIDC_CLIENT_ID="x")
    assert done.returncode == 1
    assert "OIDC_CLIENT_SECRET is missing" in done.stderr


def test_forms_may_lead_to_the_provider_and_nowhere_else() -> None:
    done = settings_with(
        OIDC_SERVER_URL="https://login.example/t/v2.0",
        OIDC_CLIENT_ID="x",
        OIDC_CLIENT_SECRET="y",
    )
    assert "['https://login.example']" in done.stdout
    assert settings_with().stdout.strip() == "[] {}"


WENT_WRONG = "Innloggingen gikk ikke"
NOBODY = (
    None,
    "",
    "   ",
    " x",
    "x ",
    "\x00",
    "a\u200bb",
    "a\nb",
    7,
    1.5,
    True,
    [],
    ["x"],
    {},
    "x" * 200,
)


def as_said(value: Any) -> str:
    """The same in each process, which the place of an object is not."""
    return "left out" if value is LEFT_OUT else repr(value)


def refused(answer: Any) -> bool:
    return (answer.status_code, WENT_WRONG in answer.content.decode()) == (401, True)


@pytest.mark.parametrize("claim", ["oid", "tid", "iss"])
@pytest.mark.parametrize("value", [*NOBODY, LEFT_OUT], ids=as_said)
def test_who_it_is_about_must_be_said_in_words(
    client: Client, provider: Provider, employee: User, claim: str, value: object
) -> None:
    provider.claims = claims_of(employee, **{claim: value})
    assert refused(sign_in(client, provider))
    assert (signed_in_as(client), SocialAccount.objects.count()) == (None, 0)


def test_a_tenant_that_is_not_the_issuers_is_refused(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee, tid="another")
    assert refused(sign_in(client, provider))
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("nonce", LEFT_OUT),
        ("nonce", None),
        ("nonce", "another"),
        ("nonce", ["x"]),
        ("aud", "another"),
        ("aud", [CLIENT_ID, "another"]),
        ("aud", []),
        ("aud", LEFT_OUT),
        ("azp", "another"),
        ("azp", None),
        ("azp", [CLIENT_ID]),
        ("exp", LEFT_OUT),
        ("exp", 0),
        ("exp", "soon"),
        ("exp", None),
        ("iat", LEFT_OUT),
        ("iat", 4_000_000_000),
        ("iat", "now"),
        ("iat", [1]),
        ("iat", 1e400),
        ("nbf", 4_000_000_000),
        ("nbf", {}),
    ],
)
def test_a_token_for_another_or_another_time_is_refused(
    client: Client, provider: Provider, employee: User, claim: str, value: object
) -> None:
    provider.claims = claims_of(employee, **{claim: value})
    assert refused(sign_in(client, provider))
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    ("claim", "apart"), [("iat", 30), ("nbf", 30), ("exp", -30), ("iat", -3000)]
)
def test_clocks_that_are_a_little_apart_keep_nobody_out(
    client: Client, provider: Provider, employee: User, claim: str, apart: int
) -> None:
    provider.claims = claims_of(employee, **{claim: int(time.time()) + apart})
    sign_in(client, provider)
    assert signed_in_as(client) == str(employee.pk)


def test_a_token_for_this_portal_by_its_name_is_good(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee, aud=[CLIENT_ID], azp=CLIENT_ID)
    sign_in(client, provider)
    assert signed_in_as(client) == str(employee.pk)


@pytest.mark.parametrize(
    "answer",
    [
        {"id_token": None},
        {"id_token": ""},
        {"id_token": "x.y.z"},
        {"id_token": 7},
        {"id_token": {"oid": "x"}},
        {"id_token": signed_token([])},
        {"id_token": signed_token("x")},
        {"access_token": None, "id_token": None},
        {"expires_in": "later", "id_token": None},
    ],
)
def test_an_answer_without_a_token_is_our_own_page(
    client: Client, provider: Provider, employee: User, answer: dict[str, Any]
) -> None:
    provider.claims = claims_of(employee)
    provider.answer = answer
    assert refused(sign_in(client, provider))


@pytest.mark.parametrize("number", ["\x00", "1\x002", "x" * 500, ["1"]])
def test_a_staff_number_that_cannot_be_one_is_nobody(
    client: Client, provider: Provider, employee: User, number: object
) -> None:
    provider.claims = claims_of(employee, employeeid=number)
    assert sign_in(client, provider).status_code == 403


@pytest.mark.parametrize("email", [7, None, ["x"], "ikke en adresse", "\x00"])
def test_the_providers_address_is_not_looked_at(
    client: Client, provider: Provider, employee: User, email: object
) -> None:
    provider.claims = claims_of(employee, email=email, name=7)
    sign_in(client, provider)
    assert signed_in_as(client) == str(employee.pk)


@pytest.mark.parametrize(
    "says",
    [
        {"issuer": "https://elsewhere.example/v2.0"},
        {"issuer": None},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"authorization_endpoint": 7},
    ],
)
def test_a_provider_that_is_another_is_our_own_page(
    client: Client, provider: Provider, employee: User, says: dict[str, Any]
) -> None:
    provider.says = says
    assert refused(client.post(SIGN_IN))


def test_a_provider_that_is_away_is_our_own_page(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    provider.close()
    assert refused(client.post(BY_PROVIDER, {"next": SENSITIVE}))
    assert refused(Client().post(SIGN_IN))


def test_each_question_has_a_nonce_of_its_own_that_the_browser_cannot_choose(
    client: Client, provider: Provider, db: None
) -> None:
    for _time in range(2):
        provider.authorize(client.post(f"{SIGN_IN}?auth_params=nonce%3Dmine").headers["Location"])
    nonces = [asked["nonce"] for asked in provider.asked]
    assert (len(set(nonces)), "mine" in nonces, min(map(len, nonces))) == (2, False, 32)


def test_a_dozen_restored_tabs_all_lead_where_they_were(
    client: Client, provider: Provider, employee: User
) -> None:
    """The library remembers ten; the oldest said that signing in had failed."""
    provider.claims = claims_of(employee)
    tabs = [client.post(SIGN_IN, {"next": f"/seminarer/?side={tab}"}) for tab in range(12)]
    answers = [
        client.get(ANSWER, provider.authorize(tab.headers["Location"])) for tab in reversed(tabs)
    ]
    assert [answer.headers.get("Location") for answer in answers] == [
        f"/seminarer/?side={tab}" for tab in reversed(range(12))
    ]
    assert signed_in_as(client) == str(employee.pk)


def test_a_code_that_was_used_leads_on_whoever_is_signed_in(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    begun = client.post(SIGN_IN, {"next": "/seminarer/"})
    answered = provider.authorize(begun.headers["Location"])
    client.get(ANSWER, answered)
    assert client.get(ANSWER, answered).headers["Location"] == "/seminarer/"
    cancelled = client.get(ANSWER, {"error": "access_denied", "state": answered["state"]})
    assert cancelled.headers["Location"] == "/seminarer/"
    stranger = Client().get(ANSWER, answered)
    assert refused(stranger)
    assert "/konto/logg-inn/?next=/seminarer/" in stranger.content.decode()


@pytest.mark.parametrize("state", ["", "y", "https://evil.example/", "\x01", "æ"])
def test_a_state_that_is_not_ours_leads_nowhere(browser: Client, state: str) -> None:
    assert refused(browser.get(ANSWER, {"code": "x", "state": state}))


def test_a_state_never_leads_to_another_site(client: Client, provider: Provider, db: None) -> None:
    state = get_social_adapter().generate_state_param(
        {"process": "login", "next": "https://evil.example/"}
    )
    page = client.get(ANSWER, {"code": "x", "state": state})
    assert (refused(page), "evil.example" in page.content.decode()) == (True, False)


def test_trying_again_leads_where_one_was(
    browser: Client, provider: Provider, stranger: User
) -> None:
    provider.claims = claims_of(stranger)
    page = sign_in(browser, provider, BY_PROVIDER, next=SENSITIVE).content.decode()
    assert f"{BY_PROVIDER}?next=%2Fkonto%2Ftrinn-to%2Fapp%2F" in page


def test_whoever_signs_out_is_told_that_the_provider_knows_them_still(
    client: Client, provider: Provider, employee: User
) -> None:
    provider.claims = claims_of(employee)
    sign_in(client, provider)
    answer = client.post("/konto/logg-ut/", follow=True)
    assert answer.redirect_chain == [("/konto/logget-ut/", 302)]
    words = answer.content.decode()
    assert "Du er fortsatt logget inn hos Entra ID" in words
    assert 'href="/konto/logget-ut/jobbkonto/"' in words


def test_signing_out_there_too_leads_to_the_provider_and_back(
    db: None, client: Client, provider: Provider, settings: Any
) -> None:
    settings.SITE_URL = "https://leder.example.org"
    provider.says = {"end_session_endpoint": f"{provider.issuer}/logout?p=x"}
    answer = client.get("/konto/logget-ut/jobbkonto/")
    there, _mark, query = answer.headers["Location"].partition("?")
    assert (answer.status_code, there) == (302, f"{provider.issuer}/logout")
    assert parse_qs(query) == {
        "p": ["x"],
        "client_id": [CLIENT_ID],
        "post_logout_redirect_uri": ["https://leder.example.org/konto/logg-inn/"],
    }


@pytest.mark.parametrize("said", [None, "", "javascript:alert(1)", "//elsewhere.example"])
def test_a_provider_that_ends_no_session_is_said_to(
    db: None, client: Client, provider: Provider, said: str | None
) -> None:
    provider.says = {"end_session_endpoint": said}
    answer = client.get("/konto/logget-ut/jobbkonto/")
    words = answer.content.decode()
    assert (answer.status_code, "Lukk alle vinduer i nettleseren" in words) == (200, True)


def test_signing_out_at_a_provider_that_is_away_says_so(
    db: None, client: Client, provider: Provider
) -> None:
    provider.close()
    assert client.get("/konto/logget-ut/jobbkonto/").status_code == 401


def test_without_a_provider_there_is_nowhere_else_to_sign_out(client: Client) -> None:
    for address in ("/konto/logget-ut/", "/konto/logget-ut/jobbkonto/"):
        assert client.get(address).headers["Location"] == "/konto/logg-inn/"


@pytest.mark.parametrize("contact", ["portalhjelp@example.org", ""])
def test_whom_the_portal_does_not_know_is_told_whom_to_ask(
    client: Client, provider: Provider, employee: User, settings: Any, contact: str
) -> None:
    settings.SUPPORT_EMAIL = contact
    provider.claims = claims_of(employee, employeeid="<b>1")
    words = sign_in(client, provider).content.decode()
    assert (f'href="mailto:{contact}"' in words) is bool(contact)
    assert "&lt;b&gt;1" in words or "oppga ikke noe ansattnummer" in words
    assert "<b>1" not in words
    assert 'href="/konto/logget-ut/jobbkonto/"' in words
