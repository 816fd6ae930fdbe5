"""The frame around every page: language, menu, messages, errors and what the browser may load."""

import datetime as dt
import re

import pytest
from django import template
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template import engines
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from common.rooms import menu_entries
from people.affiliation import affiliation_of
from people.models import Position, RoleGrant, User
from portal.navigation import menu
from portal.templatetags import frame
from portal.templatetags.frame import framed
from portal.views import errors
from tests.cast import Cast
from tests.factories import make_role, make_user

PUBLIC = ["/konto/logg-inn/", "/personvern/", "/tilgjengelighet/", "/finnes-ikke/"]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_page_has_a_skip_link_one_heading_and_no_inline_code(
    client: Client, db, url: str
) -> None:
    page = client.get(url).content.decode()
    assert page.index('href="#hoved"') < page.index("<header")
    assert page.count("<h1") == 1
    assert re.findall(r'\s(?:style|on[a-z]+)="', page) == []
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []


@pytest.mark.parametrize("url", ["/", *PUBLIC])
def test_the_browser_may_load_from_the_portal_alone(client: Client, db, url: str) -> None:
    policy = client.get(url).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "img-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
    }


def test_scripts_cannot_read_the_cookies(client: Client, db) -> None:
    client.get("/konto/logg-inn/")
    assert client.cookies["csrftoken"]["httponly"] is True


def test_bokmal_whatever_the_browser_prefers(client: Client, db) -> None:
    page = client.get("/personvern/", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "nb"
    assert '<html lang="nb">' in page.content.decode()


def test_the_language_is_remembered_for_whoever_is_not_signed_in(client: Client, db) -> None:
    answer = client.post("/sprak/", {"language": "en", "next": "/personvern/"})
    assert answer.headers["Location"] == "/personvern/"
    assert client.get("/personvern/").headers["Content-Language"] == "en"


def test_the_language_follows_the_person_to_another_browser(signed_in, leader: User) -> None:
    signed_in(leader).post("/sprak/", {"language": "en"})
    leader.refresh_from_db()
    assert leader.language == "en"
    assert signed_in(leader).get("/").headers["Content-Language"] == "en"


def test_a_language_that_is_not_offered_changes_nothing(client: Client, db) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert client.get("/personvern/").headers["Content-Language"] == "nb"


def test_a_language_that_is_not_offered_cannot_be_chosen(client: Client, db) -> None:
    assert client.post("/sprak/", {"language": "xx"}).status_code == 400


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "", "javascript:x"])
def test_switching_language_never_leads_to_another_site(client: Client, db, url: str) -> None:
    answer = client.post("/sprak/", {"language": "nb", "next": url})
    assert answer.headers["Location"] == "/"


def test_a_session_ends_when_the_last_position_does(
    signed_in, employee: User, today: dt.date
) -> None:
    browser = signed_in(employee)
    assert browser.get("/").status_code == 200
    Position.objects.filter(user=employee).update(valid_to=today - dt.timedelta(days=1))
    answer = browser.get("/avtaler/")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (403, "true")
    assert "Du er logget ut" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    Position.objects.filter(user=employee).update(valid_to=None)
    assert browser.get("/").status_code == 302


def test_a_role_alone_keeps_a_session(signed_in, cast: Cast, today: dt.date) -> None:
    consultant = make_user("Rolf Berg")
    make_role(consultant, "administrator", cast.municipality)
    browser = signed_in(consultant)
    assert browser.get("/").status_code == 200
    RoleGrant.objects.filter(user=consultant).update(valid_to=today - dt.timedelta(days=1))
    assert browser.get("/").status_code == 403


def names(items) -> list[str]:
    return [str(item.text) for item in items]


def menu_of(user: User, today: dt.date, path: str = "/"):
    return menu(
        RequestFactory().get(path), menu_entries(is_personal=False), affiliation_of(user, today)
    )


EVERYBODYS = ["Min side", "Seminarer", "Oppdrag", "Avtaler"]


def test_the_menu_shows_what_leads_somewhere(cast: Cast, today: dt.date) -> None:
    assert names(menu_of(cast.employee, today)) == EVERYBODYS
    assert names(menu_of(cast.organiser, today)) == [*EVERYBODYS, "Arrangere"]
    assert names(menu_of(cast.hr, today)) == [*EVERYBODYS, "Rapporter", "Dekning", "Personalimport"]
    assert names(menu_of(cast.administrator, today)) == [*EVERYBODYS, "Roller", "Personalimport"]


def test_a_role_that_is_over_leads_nowhere(cast: Cast, today: dt.date) -> None:
    RoleGrant.objects.update(valid_to=today - dt.timedelta(days=1))
    assert names(menu_of(cast.hr, today)) == EVERYBODYS


def test_the_menu_says_where_one_is(cast: Cast, today: dt.date) -> None:
    def marked(path: str) -> list[tuple[str, bool]]:
        items = menu_of(cast.organiser, today, path)
        return [(str(item.text), item.is_here) for item in items if item.is_current]

    assert marked("/") == [("Min side", True)]
    assert marked("/avtaler/7/") == [("Avtaler", False)]
    assert marked("/seminarer/arrangor/") == [("Arrangere", True)]
    assert marked("/personvern/") == []


def test_every_entry_of_the_menus_has_a_page(cast: Cast, today: dt.date) -> None:
    everything = [*menu_entries(is_personal=False), *menu_entries(is_personal=True)]
    shown = menu(RequestFactory().get("/"), everything, affiliation_of(cast.employee, today))
    only_with_a_role = {
        "Arrangere",
        "Tilrettelegging",
        "Rapporter",
        "Dekning",
        "Roller",
        "Personalimport",
    }
    only_for_leaders = {"Mine medarbeidere"}
    all_of_them = {*names(shown), *only_with_a_role, *only_for_leaders}
    assert all_of_them == {str(one.text) for one in everything}


def test_standing_is_one_query(cast: Cast, today: dt.date, django_assert_num_queries) -> None:
    for role in ("hr", "organiser", "coordinator"):
        make_role(cast.leader, role, cast.municipality)
    with django_assert_num_queries(1):
        standing = affiliation_of(cast.leader, today)
    assert (standing.is_leader, standing.roles) == (True, {"hr", "organiser", "coordinator"})


def test_a_page_that_is_not_there_says_so_kindly(signed_in, leader: User) -> None:
    answer = signed_in(leader).get("/finnes-ikke/")
    assert (answer.status_code, "Vi finner ikke siden" in answer.content.decode()) == (404, True)


def test_a_page_that_is_not_ones_own_says_why(signed_in, leader: User, rf) -> None:
    request = rf.get("/")
    request.user = leader
    answer = errors.forbidden(request, PermissionDenied("Bare lederen kan signere for enheten."))
    page = answer.content.decode()
    assert (answer.status_code, "Bare lederen kan signere" in page) == (403, True)


def test_a_form_without_its_token_is_refused_kindly(leader: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(leader)
    answer = browser.post("/sprak/", {"language": "en"})
    assert answer.status_code == 403
    assert "Skjemaet var for gammelt" in answer.content.decode()


def test_a_browser_that_takes_no_cookies_is_told_so_and_sent_round_in_no_circle(db) -> None:
    answer = Client(enforce_csrf_checks=True).post("/konto/logg-inn/", {"login": "a@b.no"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Nettleseren tar ikke imot informasjonskapsler" in page
    assert "Skjemaet var for gammelt" not in page


STATEMENT = "https://uustatus.no/nb/erklaringer/publisert/00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("", ["/tilgjengelighet/"]),
        (STATEMENT, [STATEMENT, "/tilgjengelighet/"]),
    ],
)
def test_every_page_leads_to_the_accessibility_statement(
    client: Client, db, settings, address: str, links: list[str]
) -> None:
    settings.ACCESSIBILITY_STATEMENT_URL = address
    frame._pieces.cache_clear()
    page = client.get("/personvern/").content.decode()
    frame._pieces.cache_clear()
    footer = page[page.index("<footer") :]
    found = re.findall(r'<a [^>]*href="([^"]*)"', footer)
    assert found == ["/personvern/", *links]


def test_who_meets_a_barrier_is_told_whom_to_ask_and_where_to_complain(
    client: Client, db, settings
) -> None:
    settings.SUPPORT_EMAIL = "hjelp@example.no"
    page = client.get("/tilgjengelighet/").content.decode()
    wanted = ["mailto:hjelp@example.no", "diskrimineringsnemnda.no", "uutilsynet.no"]
    assert [one for one in wanted if one not in page] == []


def test_a_title_says_first_that_something_is_wrong_and_then_what_it_is_about(
    leader: User,
) -> None:
    browser = Client()
    browser.force_login(leader)
    assert frame.title_of_what([("Seminarer", "/s/"), ("Tillit", "/s/1/"), ("Her", None)]) == (
        " – Tillit"
    )
    assert frame.title_of_what([]) == ""
    wrong = Client().post("/konto/logg-inn/", {"login": "", "password": ""}).content.decode()
    assert re.findall(r"<title>(.*?)</title>", wrong) == ["Feil: Logg inn – Lederportalen"]
    right = Client().get("/konto/logg-inn/").content.decode()
    assert re.findall(r"<title>(.*?)</title>", right) == ["Logg inn – Lederportalen"]


def test_an_unreadable_request_says_so_kindly(rf) -> None:
    assert errors.bad_request(rf.get("/"), ValueError()).status_code == 400


def test_the_page_for_our_own_faults_needs_no_database(rf) -> None:
    """No `db` fixture: any query would fail."""
    answer = errors.server_error(rf.get("/"))
    page = answer.content.decode()
    assert (answer.status_code, "Noe gikk galt hos oss" in page) == (500, True)
    assert '<html lang="nb">' in page


def test_the_page_for_our_own_faults_speaks_english_too(rf) -> None:
    with translation.override("en"):
        assert '<html lang="en">' in errors.server_error(rf.get("/")).content.decode()


def test_even_without_templates_there_is_an_answer(rf, settings) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [], "APP_DIRS": False}]
    answer = errors.server_error(rf.get("/"))
    assert (answer.status_code, answer.content.decode()) == (500, errors.LAST_RESORT)


def test_a_menu_item_is_missing_for_whoever_is_not_signed_in(client: Client, db) -> None:
    assert 'aria-label="Hovedmeny"' not in client.get("/personvern/").content.decode()


# ---- what is kept of the frame -------------------------------------------------------------------


def frame_of(browser: Client, url: str) -> tuple[str, str]:
    page = browser.get(url).content.decode()
    return page[page.index("<header") : page.index("</header>")], page[page.index("<footer") :]


def test_two_with_the_same_menu_have_their_own_names_and_tokens(cast: Cast, signed_in) -> None:
    names = {cast.employee: "Even &lt;b&gt;Moen", cast.stranger: "token"}
    User.objects.filter(pk=cast.employee.pk).update(name="Even <b>Moen")
    User.objects.filter(pk=cast.stranger.pk).update(name="token")
    headers = {
        person: frame_of(signed_in(person), "/personvern/")[0] for person in [*names, *names]
    }
    for person, name in names.items():
        assert f'<span class="pkt-btn__text">{name}</span>' in headers[person]
    tokens = [
        set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', one)) for one in headers.values()
    ]
    assert [len(one) for one in tokens] == [1, 1]
    assert tokens[0] != tokens[1]


def test_what_is_kept_is_what_the_template_says(cast: Cast, signed_in, rf) -> None:
    """The kept way beside the plain one, for each who has a menu of their own, twice."""
    for person in [cast.organiser, cast.hr, cast.employee] * 2:
        request = rf.get("/seminarer/?q=%3Cb%3E&side=2")
        request.user = person
        request.META["CSRF_COOKIE"] = "a" * 32
        context = template.RequestContext(request, {})
        with context.bind_template(engines["django"].engine.get_template("base.html")):
            for name in ("head", "header", "footer"):
                part = f"components/{name}.html"
                token = str(context["csrf_token"])
                plain = get_template(part).render(context.flatten() | {"csrf_token": token})
                assert framed(context, part) == plain


def test_the_frame_follows_the_language_and_the_page(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.leader)
    header, footer = frame_of(browser, "/seminarer/?side=1")
    assert ["Seminarer" in header, 'value="/seminarer/?side=1"' in footer] == [True, True]
    assert header.count('aria-current="page"') == 2
    User.objects.filter(pk=cast.leader.pk).update(language="en")
    header, footer = frame_of(browser, "/personvern/")
    assert ["Bokmål" in header, 'value="/personvern/"' in footer] == [True, True]
    assert 'aria-current="page"' not in header


def test_nothing_of_anybodys_own_is_kept(cast: Cast, signed_in) -> None:
    frame._pieces.cache_clear()
    signed_in(cast.leader).get("/seminarer/?q=hemmelig")
    parts = ("head", "header", "footer")
    keys = [(f"components/{part}.html", "nb") for part in parts]
    standing = affiliation_of(cast.leader, timezone.localdate())
    request = RequestFactory().get("/seminarer/")
    menus = tuple(
        tuple(menu(request, menu_entries(is_personal=one), standing)) for one in (False, True)
    )
    kept = "".join("".join(frame._pieces(*key, menus, True, True)) for key in keys)
    assert frame._pieces.cache_info().currsize == 3
    assert [word in kept for word in (cast.leader.name, "hemmelig")] == [False, False]
