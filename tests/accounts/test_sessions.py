"""Where one is signed in, for how long, and how each ends."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.sessions import device_in_words
from accounts.tasks import clear_sessions
from people.models import User
from tests.cast import PASSWORD

LIST = "/konto/innlogginger/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1"
EDGE = f"{CHROME} Edg/131.0"


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


@pytest.fixture
def person(leader: User) -> User:
    leader.set_password(PASSWORD)
    leader.save()
    return leader


def signed_in_from(person: User, user_agent: str = CHROME) -> Client:
    browser = Client(headers={"User-Agent": user_agent})
    browser.post("/konto/logg-inn/", {"login": person.email, "password": PASSWORD})
    assert is_in(browser)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/folk/meg/").status_code == 200


def session_of(browser: Client) -> UserSession:
    return UserSession.objects.get(session_key=browser.session.session_key)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (CHROME, "Chrome på Windows"),
        (EDGE, "Edge på Windows"),
        (IPHONE, "Safari på iPhone"),
        ("curl/8", "En nettleser vi ikke kjenner"),
        ("", "En nettleser vi ikke kjenner"),
        ("Linux", "Linux"),
    ],
)
def test_a_device_is_named_as_its_owner_would(user_agent: str, words: str) -> None:
    assert device_in_words(user_agent) == words


def test_each_place_is_listed_and_can_be_left(person: User, employee: User) -> None:
    here, phone = signed_in_from(person), signed_in_from(person, IPHONE)
    page = here.get(LIST).content.decode()
    assert ("Chrome på Windows" in page, "Safari på iPhone" in page) == (True, True)
    assert page.count("Denne nettleseren") == 1
    here.post(LIST, {"session": session_of(phone).pk})
    assert (is_in(phone), is_in(here)) == (False, True)
    assert "Safari på iPhone" not in here.get(LIST).content.decode()


def test_nobody_elses_place_is_shown_or_left(person: User, employee: User) -> None:
    employee.set_password(PASSWORD)
    employee.save()
    theirs, mine = signed_in_from(employee, IPHONE), signed_in_from(person)
    assert "Safari på iPhone" not in mine.get(LIST).content.decode()
    for chosen in (str(session_of(theirs).pk), "all", "0", "x", "9" * 30):
        mine.post(LIST, {"session": chosen})
        assert is_in(theirs)


def test_one_signs_out_everywhere_at_once(person: User) -> None:
    browsers = [signed_in_from(person) for _number in range(3)]
    answer = browsers[0].post(LIST, {"session": "all"})
    assert answer.headers["Location"].startswith("/konto/logg-inn/")
    assert [is_in(browser) for browser in browsers] == [False, False, False]
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


def test_a_new_password_ends_the_others(person: User) -> None:
    here, other = signed_in_from(person), signed_in_from(person)
    new = PASSWORD + "-til"
    here.post("/konto/passord/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(other)) == (True, False)
    assert [one.session_key for one in UserSession.objects.all()] == [here.session.session_key]


def test_the_key_is_another_after_signing_in_and_after_confirming(person: User) -> None:
    browser = Client()
    browser.get("/konto/logg-inn/")
    keys = [browser.session.session_key]
    browser.post("/konto/logg-inn/", {"login": person.email, "password": PASSWORD})
    keys.append(browser.session.session_key)
    browser.post("/konto/bekreft/", {"password": PASSWORD})
    keys.append(browser.session.session_key)
    assert len(set(keys)) == 3
    assert Session.objects.filter(session_key__in=keys[:2]).count() == 0
    assert session_of(browser).user == person


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_who_is_away_too_long_signs_in_again_and_goes_on(
    person: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser = signed_in_from(person)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS - 5)
    assert is_in(browser)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS - 5)
    assert is_in(browser)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS + 5)
    asked = browser.get("/folk/meg/", follow=True)
    assert asked.redirect_chain[-1][0] == "/konto/logg-inn/?next=/folk/meg/"
    assert "det er lenge siden sist" in asked.content.decode()


def test_a_form_that_was_sent_too_late_leads_back_to_it(
    person: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser = signed_in_from(person)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS + 5)
    answer = browser.post(
        LIST, {"session": "x"}, headers={"Referer": f"http://testserver{LIST}"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/konto/logg-inn/?next={LIST}"
    assert "ble ikke lagret" in answer.content.decode()


def test_a_page_that_fetches_by_itself_keeps_nobody_signed_in(
    person: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser = signed_in_from(person)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS - 5)
    browser.get("/folk/meg/", headers={"Sec-Fetch-Dest": "empty"})
    later(monkeypatch, 10)
    assert not is_in(browser)


def test_a_working_day_is_the_longest_however_busy(
    person: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SESSION_LONGEST_SECONDS = 10_000
    browser = signed_in_from(person)
    later(monkeypatch, 6_000)
    assert is_in(browser)
    later(monkeypatch, 5_000)
    assert not is_in(browser)


def test_ended_sessions_are_forgotten_at_night(person: User) -> None:
    kept, over = signed_in_from(person), signed_in_from(person)
    past = timezone.now() - dt.timedelta(seconds=1)
    Session.objects.filter(pk=over.session.session_key).update(expire_date=past)
    clear_sessions()
    keys = [kept.session.session_key]
    assert [one.session_key for one in UserSession.objects.all()] == keys
    assert [one.session_key for one in Session.objects.all()] == keys


def test_being_here_is_written_down_once_a_minute(
    person: User, django_assert_num_queries: Callable[[int], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in_from(person)
    browser.get("/tilgjengelighet/")
    with django_assert_num_queries(2):
        browser.get("/tilgjengelighet/")
    before = session_of(browser).last_seen_at
    later(monkeypatch, 61)
    browser.get("/tilgjengelighet/")
    assert session_of(browser).last_seen_at > before
