"""The languages stand once: one more is on every page's switch and in everybody's choice."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as portal_settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from common.languages import LANGUAGES, SOURCE_LANGUAGE
from people.models import User

BUTTON = re.compile(
    r'name="language"\s+value="(\w+)"\s+lang="(\w+)"[^<]*<.*?__text">([^<]+)<', re.S
)


@pytest.fixture
def nynorsk(settings) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("nn", "Nynorsk")]


def offered(page: str) -> list[tuple[str, str, str]]:
    return BUTTON.findall(page)


@pytest.mark.parametrize(
    ("language", "others"),
    [
        ("nb", [("en", "en", "English"), ("nn", "nn", "Nynorsk")]),
        ("nn", [("nb", "nb", "Bokmål"), ("en", "en", "English")]),
    ],
)
def test_the_switch_offers_every_other_language(
    nynorsk: None, language: str, others: list[tuple[str, str, str]]
) -> None:
    request = RequestFactory().get("/")
    with translation.override(language):
        switch = render_to_string("components/language_switch.html", {"request": request})
    assert offered(switch) == others


def test_the_profile_offers_a_language_more(nynorsk: None, signed_in, leader: User) -> None:
    page = signed_in(leader).get("/folk/meg/").content.decode()
    aside = page[page.index('id="sprak"') : page.index("</aside>")]
    assert offered(aside) == [
        ("nb", "nb", "Bokmål"),
        ("en", "en", "English"),
        ("nn", "nn", "Nynorsk"),
    ]
    assert re.findall(r'lang="(\w+)"\s+aria-pressed="true"', aside) == ["nb"]


def test_a_language_more_can_be_chosen(nynorsk: None, client: Client, db: None) -> None:
    client.post("/sprak/", {"language": "nn", "next": "/personvern/"})
    page = client.get("/personvern/")
    assert page.headers["Content-Language"] == "nn"
    assert {code for code, _lang, _name in offered(page.content.decode())} == {"nb", "en"}


def test_the_pages_and_the_people_have_the_same_languages() -> None:
    of_people = User._meta.get_field("language")
    assert portal_settings.LANGUAGES == list(LANGUAGES.items()) == list(of_people.choices)
    assert portal_settings.LANGUAGE_CODE == of_people.default == SOURCE_LANGUAGE


def test_every_language_but_that_of_the_code_has_a_catalogue() -> None:
    found = portal_settings.BASE_DIR.glob("locale/*/LC_MESSAGES/django.po")
    assert {path.parents[1].name for path in found} == LANGUAGES.keys() - {SOURCE_LANGUAGE}
