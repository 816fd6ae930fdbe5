import importlib
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import Resolver404, clear_url_caches, resolve

import portal.urls
from demo.cast import DEMO_CAST
from tests.cast import Cast
from tests.factories import make_employee, make_user

URL = "/demo/logg-inn/"
LEADER = DEMO_CAST[0]


@pytest.fixture
def demo(settings) -> Iterator[None]:
    settings.DEMO = True
    importlib.reload(portal.urls)
    clear_url_caches()
    yield
    settings.DEMO = False
    importlib.reload(portal.urls)
    clear_url_caches()


def test_outside_the_demo_the_address_does_not_exist(client: Client, cast: Cast) -> None:
    make_employee(cast.unit, "Marit Solheim", email=LEADER.email)
    assert client.post(URL, {"person": LEADER.key}).status_code == 404
    with pytest.raises(Resolver404):
        resolve(URL)


def test_outside_the_demo_the_sign_in_page_offers_nobody(client: Client, db: None) -> None:
    assert "Dette er en demo" not in client.get("/konto/logg-inn/").content.decode()


def test_the_view_refuses_even_if_its_address_were_there(
    client: Client, cast: Cast, demo: None, settings
) -> None:
    make_employee(cast.unit, "Marit Solheim", email=LEADER.email)
    settings.DEMO = False
    assert client.post(URL, {"person": LEADER.key}).status_code == 404


def test_the_sign_in_page_offers_the_whole_cast(client: Client, demo: None, db: None) -> None:
    page = client.get("/konto/logg-inn/").content.decode()
    assert [f'value="{person.key}"' in page for person in DEMO_CAST] == [True] * len(DEMO_CAST)


def test_one_click_signs_in(client: Client, cast: Cast, demo: None) -> None:
    person = make_employee(cast.unit, "Marit Solheim", email=LEADER.email)
    answer = client.post(URL, {"person": LEADER.key, "next": "/personvern/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/personvern/")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_nobody_outside_the_cast_can_be_chosen(client: Client, cast: Cast, demo: None) -> None:
    assert client.post(URL, {"person": cast.hr.email}).status_code == 404
    assert client.post(URL, {}).status_code == 404


def test_the_demo_never_leads_to_another_site(client: Client, cast: Cast, demo: None) -> None:
    make_employee(cast.unit, "Marit Solheim", email=LEADER.email)
    answer = client.post(URL, {"person": LEADER.key, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_link_signs_nobody_in(client: Client, demo: None, db: None) -> None:
    assert client.get(URL).status_code == 405


def test_the_cast_too_must_have_a_position(client: Client, demo: None, db: None) -> None:
    make_user("Marit Solheim", email=LEADER.email)
    assert client.post(URL, {"person": LEADER.key}).status_code == 403
    assert "_auth_user_id" not in client.session
