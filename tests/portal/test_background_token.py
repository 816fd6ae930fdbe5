"""What a script sends carries its token in a header, and never among its fields."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from people.models import User

IN_BACKGROUND = [
    {"sec-fetch-dest": "empty"},
    {"hx-request": "true"},
    {"sec-fetch-dest": "empty", "hx-request": ""},
]


@pytest.fixture
def browser(leader: User) -> Client:
    opened = Client(enforce_csrf_checks=True)
    opened.force_login(leader)
    return opened


def token_of(browser: Client) -> str:
    page = browser.get("/personvern/").content.decode()
    found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_form_that_is_sent_as_a_page_has_its_token_among_its_fields(browser: Client) -> None:
    fields = {"language": "en", "csrfmiddlewaretoken": token_of(browser)}
    sent = browser.post("/sprak/", fields, headers={"sec-fetch-dest": "document"})
    assert sent.status_code == 302


@pytest.mark.parametrize("headers", IN_BACKGROUND)
def test_a_script_takes_no_token_from_a_form(browser: Client, headers: dict[str, str]) -> None:
    token = token_of(browser)
    fields = {"language": "en", "csrfmiddlewaretoken": token}
    for more in ({}, {"x-csrftoken": "x"}, {"x-csrftoken": token}):
        assert browser.post("/sprak/", fields, headers=headers | more).status_code == 403
    assert browser.post("/sprak/", {"language": "en"}, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", IN_BACKGROUND)
def test_a_script_gives_its_token_in_a_header(browser: Client, headers: dict[str, str]) -> None:
    told = headers | {"x-csrftoken": token_of(browser)}
    answer = browser.post("/sprak/", {"language": "en"}, headers=told)
    sent_to = (answer.status_code, answer.get("Location"), answer.get("HX-Redirect"))
    assert sent_to == ((200, None, "/") if told.get("hx-request") else (302, "/", None))
    assert browser.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def config_of(browser: Client, url: str) -> dict[str, object]:
    page = browser.get(url).content.decode()
    found = re.search(r'name="htmx-config" content="([^"]*)"', page)
    assert found
    return json.loads(unescape(found[1]))


def key_of(browser: Client) -> str:
    found = re.search(r"data-htmx-key=(\w+)", str(config_of(browser, "/")["disableSelector"]))
    assert found
    return found[1]


def test_htmx_knows_our_elements_by_a_word_of_the_session(leader: User, employee: User) -> None:
    browsers = [Client(), Client(), Client()]
    for browser, person in zip(browsers, (leader, leader, employee), strict=True):
        browser.force_login(person)
    assert len({key_of(browser) for browser in browsers}) == 3
    first = browsers[0]
    assert key_of(first) == key_of(first)
    assert f'data-htmx-key="{key_of(first)}"' in first.get("/seminarer/").content.decode()


def test_htmx_does_nothing_where_nobody_is_signed_in(client: Client, db: None) -> None:
    assert config_of(client, "/personvern/") == {
        "allowEval": False,
        "allowScriptTags": False,
        "disableInheritance": True,
        "disableSelector": "*",
        "historyCacheSize": 0,
        "timeout": 20_000,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
    }
