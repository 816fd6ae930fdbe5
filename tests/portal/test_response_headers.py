"""What the browser is told with every answer, whoever gave it."""

from __future__ import annotations

import os
import string
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as current
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from people.models import User
from portal.settings.permissions import NOBODYS, OURS
from portal.urls import urlpatterns as portal_urls
from tests.portal.test_settings import COMPLETE
from tests.portal.test_settings import settings as read_settings

PASSWORD = "riktig hest batteri stift"
CHECK = [sys.executable, "manage.py", "check"]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": string.ascii_letters,
}


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of our own")


urlpatterns = [*portal_urls, path("feil/", fails)]

ASKED: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "a page": ("get", "/personvern/", {}, 200),
    "a redirect": ("get", "/", {}, 302),
    "a form's answer": ("post", "/sprak/", {"data": {"language": "en"}}, 302),
    "no such page": ("get", "/finnes-ikke/", {}, 404),
    "a page for forms": ("get", "/sprak/", {}, 405),
    "a bad request": ("post", "/sprak/", {"data": {"language": "xx"}}, 400),
    "another host": ("get", "/personvern/", {"headers": {"host": "evil.example"}}, 400),
    "a fault": ("get", "/feil/", {}, 500),
    "a probe": ("get", "/healthz", {}, 200),
    "a style sheet": ("get", "/static/css/portal.css", {}, 200),
    "no such file": ("get", "/static/css/finnes-ikke.css", {}, 404),
}


@pytest.mark.urls("tests.portal.test_response_headers")
@pytest.mark.parametrize("what", ASKED)
def test_every_answer_tells_the_browser_the_same(db: None, what: str, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    method, url, given, status = ASKED[what]
    browser = Client(raise_request_exception=False)
    answer = getattr(browser, method)(url, secure=True, **given)
    told = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "publickey-credentials-create=(self), ",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=3600",
        "X-Content-Type-Options": "nosniff",
    }
    found = {name: answer.headers.get(name, "")[: len(value)] for name, value in told.items()}
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert (answer.status_code, found) == (status, told)
    is_file = what == "a style sheet"
    assert ("no-store" in answer.headers["Cache-Control"]) is not is_file


def test_a_page_may_do_nothing_but_sign_in_by_passkey(client: Client, db: None) -> None:
    policy = client.get("/personvern/").headers["Permissions-Policy"]
    assert policy.split(", ") == [
        *(f"{feature}=(self)" for feature in OURS),
        *(f"{feature}=()" for feature in NOBODYS),
    ]
    assert set(OURS) == {"publickey-credentials-create", "publickey-credentials-get"}


def test_what_a_view_says_of_keeping_it_stands(leader: User) -> None:
    """The calendar that is subscribed to is asked for again and again, mostly unchanged."""
    browser = Client()
    browser.force_login(leader)
    browser.post("/seminarer/kalender/abonnement/")
    page = browser.get("/seminarer/kalender/abonnement/")
    assert "no-store" in page.headers["Cache-Control"]


ALIKE = {"path": "/", "domain": "", "secure": True, "httponly": True, "samesite": "Lax"}


def in_production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_settings(monkeypatch, "production", **COMPLETE)
    for name, value in found.items():
        if "COOKIE" in name or name == "MESSAGE_STORAGE":
            setattr(settings, name, value)


def test_in_production_every_cookie_is_this_hosts_alone(
    leader: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_production(settings, monkeypatch)
    leader.set_password(PASSWORD)
    leader.save()
    browser = Client()
    # a form sent too late leaves a message, one signs in, and chooses a language
    browser.post("/brev/paminnelser/", {"wanted": "no"}, secure=True)
    cookies = said_of(browser)
    browser.get("/konto/logg-inn/", secure=True)
    signing_in = {"login": leader.email, "password": PASSWORD}
    assert browser.post("/konto/logg-inn/", signing_in, secure=True).status_code == 302
    browser.post("/sprak/", {"language": "en"}, secure=True)
    cookies = said_of(browser) | cookies
    names = ("csrftoken", "language", "lederportalen_session", "messages")
    assert sorted(cookies) == [f"__Host-{name}" for name in names]
    assert cookies == dict.fromkeys(cookies, ALIKE)
    assert browser.get("/", secure=True).status_code == 200


def said_of(browser: Client) -> dict[str, dict[str, Any]]:
    return {name: {one: cookie[one] for one in ALIKE} for name, cookie in browser.cookies.items()}


def test_django_finds_nothing_to_say_of_production() -> None:
    found = subprocess.run(
        [*CHECK, "--deploy", "--tag", "security", "--fail-level", "WARNING"],
        cwd=current.BASE_DIR,
        env=os.environ | COMPLETE | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in found.stderr.splitlines() if line.startswith("?:")]
    # Neither a seal nor a key of badges is named here.
    assert sorted(told) == [
        "?: (certificates.I001) Certificates cannot be downloaded as digital badges.",
        "?: (evidence.W001) Documents are not sealed.",
    ]
