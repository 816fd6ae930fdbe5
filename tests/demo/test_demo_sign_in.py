import html
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core import checks
from django.test import Client
from django.urls import Resolver404, clear_url_caches, resolve

import portal.urls
from demo.cast import DEMO_CAST
from people.models import Role
from tests.cast import KINDS, Cast
from tests.factories import make_employee, make_leader, make_role, make_unit, make_user
from tests.production import production_environment

URL = "/demo/logg-inn/"
FIND = "/demo/folk/"
ELSEWHERE = "192.0.2.7"
"""Whoever comes from here is counted apart from the other tests."""
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
    for url in (URL, FIND):
        assert client.post(url, {"person": LEADER.key}).status_code == 404
        assert client.get(url).status_code == 404
        with pytest.raises(Resolver404):
            resolve(url)


RESOLVE = """
import django
django.setup()
from django.conf import settings
from django.urls import get_resolver
from tests.test_access_matrix import url_names
assert settings.DEMO is False
print([name for name in url_names(get_resolver()) if "demo" in name])
"""


def test_with_productions_settings_no_address_of_the_demos_is_routed(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", RESOLVE],
        cwd=project.BASE_DIR,
        env=production_environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert (run.stdout.strip(), run.returncode) == ("[]", 0), run.stderr


def test_a_deployment_with_the_demo_in_it_fails_its_check(settings) -> None:
    def found() -> list[str | None]:
        told = checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security])
        return [one.id for one in told if one.id and one.id.startswith("demo.")]

    assert found() == []
    settings.DEMO = True
    assert found() == ["demo.E001"]


def test_outside_the_demo_the_sign_in_page_offers_nobody(client: Client, db: None) -> None:
    assert "Dette er en demo" not in client.get("/konto/logg-inn/").content.decode()


def test_the_view_refuses_even_if_its_address_were_there(
    client: Client, cast: Cast, demo: None, settings
) -> None:
    make_employee(cast.unit, "Marit Solheim", email=LEADER.email)
    settings.DEMO = False
    assert client.post(URL, {"person": LEADER.key}).status_code == 404
    assert client.get(FIND).status_code == 404


def test_the_sign_in_page_offers_the_whole_cast(client: Client, demo: None, db: None) -> None:
    page = client.get("/konto/logg-inn/").content.decode()
    assert [f'value="{person.key}"' in page for person in DEMO_CAST] == [True] * len(DEMO_CAST)


def test_one_click_signs_in(client: Client, cast: Cast, demo: None) -> None:
    person = make_employee(cast.unit, "Marit Solheim", email=LEADER.email)
    answer = client.post(URL, {"person": LEADER.key, "next": "/personvern/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/personvern/")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    "sent",
    ["", "-1", "0", "9" * 18, "9" * 400, "١٢", "1.5", "1e3", "leader\x00", "' OR 1=1 --", "²"],
)
def test_nobody_is_chosen_by_what_is_no_ones(
    client: Client, cast: Cast, demo: None, sent: str
) -> None:
    assert client.post(URL, {"person": sent}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_nobody_with_an_address_from_outside_the_demo_can_be_chosen(
    client: Client, cast: Cast, demo: None
) -> None:
    """Were the demo on by mistake where real people are, none of them could be signed in as."""
    for sent in (cast.hr.email, str(cast.hr.pk)):
        assert client.post(URL, {"person": sent}).status_code == 404
    assert found(client, cast.hr.name) == []


# --- Somebody else than the cast -----------------------------------------------------------------


@pytest.fixture
def people(cast: Cast) -> dict[str, str]:
    """Of the demo: by whom they are, their key as the page sends it."""
    clinic = make_unit("Tannklinikken Ås & Østmarka", parent=cast.agency)
    leader = make_leader(clinic, "Åse El-Amrani", email="ase@demo.example")
    employee = make_employee(clinic, "Per <b>Ødegård</b>", email="per@demo.example")
    namesake = make_employee(cast.unit, "Åse El-Amrani", email="ase2@demo.example")
    organiser = make_employee(
        cast.unit, "Kim Lie", email="kim@demo.example", title="Seniorrådgiver"
    )
    make_role(organiser, Role.ORGANISER, cast.municipality)
    make_role(organiser, Role.HR, cast.municipality)
    one_each = {"leader": leader, "employee": employee, "namesake": namesake, "kim": organiser}
    return {who: str(person.pk) for who, person in one_each.items()}


def found(client: Client, words: str) -> list[str]:
    page = client.get(FIND, {"q": words}).content.decode()
    return [part.partition('"')[0] for part in page.split('name="person" value="')[1:]]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("ase el amrani", ["leader", "namesake"]),
        ("Amrani ØSTMARKA", ["leader"]),
        ("ostmarka", ["leader", "employee"]),
        ("arrangør", ["kim"]),
        ("hr", ["kim"]),
        ("Arr Kim", ["kim"]),
        ("raadgiver", ["kim"]),
        ("ingen som heter dette", []),
        ("", []),
        ("%", []),
        ("\x00", []),
        ("x" * 5000, []),
    ],
)
def test_anybody_is_found_by_name_unit_title_or_role(
    client: Client, demo: None, people: dict[str, str], words: str, who: list[str]
) -> None:
    assert sorted(found(client, words)) == sorted(people[one] for one in who)


def test_whoever_is_found_is_told_apart_and_nothing_they_are_called_is_markup(
    client: Client, demo: None, people: dict[str, str]
) -> None:
    page = client.get(FIND, {"q": "ostmarka"}).content.decode()
    assert "Per &lt;b&gt;Ødegård&lt;/b&gt;" in page
    assert "Per <b>" not in page
    namesakes = client.get(FIND, {"q": "el-amrani"}).content.decode()
    assert "ase@demo.example" in namesakes
    assert "ase2@demo.example" in namesakes
    roles = html.unescape(client.get(FIND, {"q": "kim"}).content.decode())
    assert "Seniorrådgiver, Hjemmetjenesten nord, HR, arrangør" in roles


def test_whoever_is_found_is_signed_in_as_by_one_button(
    client: Client, demo: None, people: dict[str, str]
) -> None:
    answer = client.post(URL, {"person": people["employee"], "next": "/avtaler/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/avtaler/")
    assert client.session["_auth_user_id"] == people["employee"]


def test_where_one_was_going_is_kept_through_the_search(
    client: Client, demo: None, people: dict[str, str]
) -> None:
    sign_in = client.get("/konto/logg-inn/?next=/avtaler/").content.decode()
    assert sign_in.count('name="next" value="/avtaler/"') >= len(DEMO_CAST) + 1
    page = client.get(FIND, {"q": "ostmarka", "next": "/avtaler/"}).content.decode()
    assert page.count('name="next" value="/avtaler/"') == 3


@pytest.mark.parametrize("kind", ["anonymous", *KINDS])
def test_the_demos_addresses_answer_each_kind_of_user(cast: Cast, demo: None, kind: str) -> None:
    browser = Client()
    if kind != "anonymous":
        browser.force_login(getattr(cast, kind))
    answers = [browser.get(FIND), browser.post(FIND), browser.get(URL), browser.post(URL)]
    assert [one.status_code for one in answers] == [200, 405, 405, 404]
    assert "no-store" in answers[0].headers["Cache-Control"]


def test_who_asks_without_end_waits(
    client: Client, demo: None, people: dict[str, str], settings
) -> None:
    settings.PERSON_SEARCHES_A_MINUTE = 3
    searches = [
        client.get(FIND, {"q": "ase"}, REMOTE_ADDR=ELSEWHERE).status_code for _each in range(8)
    ]
    sign_ins = [client.post(URL, {}, REMOTE_ADDR=ELSEWHERE).status_code for _each in range(121)]
    assert 429 in searches
    assert sign_ins[-1] == 429


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
