"""A form sent after the session ended, and an address for forms that is opened as a page."""

from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from people.models import User
from tests.cast import Cast


def words_of(answer: HttpResponse) -> str:
    return " ".join(unescape(answer.content.decode()).split())


FORM = "http://testserver/brev/"
ONLY_FORMS = "/brev/paminnelser/"
LOST = "Du var logget ut, så det du sendte, ble ikke lagret."


def test_a_form_sent_too_late_leads_back_to_where_it_stood(client: Client, cast: Cast) -> None:
    sent = client.post(ONLY_FORMS, {"wanted": "no"}, headers={"referer": f"{FORM}?side=2"})
    assert sent.headers["Location"] == "/konto/logg-inn/?next=/brev/%3Fside%3D2"
    assert LOST in words_of(client.get(sent.headers["Location"]))


@pytest.mark.parametrize(
    "came_from", ["", "https://example.org/brev/", "http://testserver.example.org/brev/"]
)
def test_a_form_from_nowhere_or_elsewhere_leads_home(
    client: Client, cast: Cast, came_from: str
) -> None:
    sent = client.post(ONLY_FORMS, headers={"referer": came_from})
    assert sent.headers["Location"] == "/konto/logg-inn/?next=/"


def test_a_form_sent_in_time_is_left_alone(client: Client, leader: User) -> None:
    client.force_login(leader)
    sent = client.post(ONLY_FORMS, {"wanted": "no"}, headers={"referer": FORM})
    assert sent.headers["Location"] == "/brev/"
    assert LOST not in words_of(client.get("/brev/"))


def test_a_page_asked_for_without_a_session_says_nothing_of_forms(
    client: Client, cast: Cast
) -> None:
    asked = client.get("/brev/")
    assert asked.headers["Location"] == "/konto/logg-inn/?next=/brev/"
    assert LOST not in words_of(client.get(asked.headers["Location"]))


def test_an_address_for_forms_opened_as_a_page_says_where_to_go(
    client: Client, leader: User
) -> None:
    client.force_login(leader)
    answer = client.get(ONLY_FORMS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Her er det ingen side" in words_of(answer)
    assert "Gå til Min side" in words_of(answer)


def test_what_is_kept_in_the_background_is_told_nothing(client: Client, cast: Cast) -> None:
    sent = client.post(ONLY_FORMS, headers={"referer": FORM, "sec-fetch-dest": "empty"})
    assert sent.headers["Location"] == f"/konto/logg-inn/?next={ONLY_FORMS}"
    assert LOST not in words_of(client.get("/konto/logg-inn/"))


WORDS = "Vi flytter på dette & <b>mer</b> til neste uke"
HERE = {"referer": FORM, "origin": "http://testserver"}
KEPT = "Det er ikke lagret noe sted."


def test_sentences_sent_too_late_are_shown_before_signing_in(client: Client, cast: Cast) -> None:
    typed = {"text": WORDS, "wanted": "no", "password": "to ord", "more": [WORDS, "og en til"]}
    sent = client.post(ONLY_FORMS, typed, headers=HERE)
    assert sent.status_code == 403
    page = words_of(sent)
    assert "Du var logget ut" in page
    assert page.count(WORDS) == 1
    assert "<b>mer</b> til" not in sent.content.decode()
    assert "og en til" in page
    assert "to ord" not in page
    assert "/konto/logg-inn/?next=/brev/" in page


@pytest.mark.parametrize("origin", ["", "null", "https://example.org", "http://testserver:8000"])
def test_sentences_from_elsewhere_are_not_shown_as_ones_own(
    client: Client, cast: Cast, origin: str
) -> None:
    headers = {"referer": FORM} | ({"origin": origin} if origin else {})
    sent = client.post(ONLY_FORMS, {"text": WORDS}, headers=headers)
    assert sent.headers["Location"] == "/konto/logg-inn/?next=/brev/"


def test_sentences_are_shown_where_a_form_is_not_taken(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    taken_from = {"/folk/roller/0/avslutt/": 404, f"/folk/enhet/{cast.unit.pk}/gi-rolle/": 403}
    for address, status in taken_from.items():
        answer = client.post(address, {"text": WORDS}, headers=HERE)
        assert (answer.status_code, KEPT in words_of(answer)) == (status, True)
        assert WORDS in words_of(answer)
        assert KEPT not in words_of(client.get(address))


def test_sentences_in_a_form_without_a_token_are_shown_if_they_are_from_here(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.leader)
    answer = browser.post(ONLY_FORMS, {"text": WORDS}, headers=HERE)
    assert (answer.status_code, WORDS in words_of(answer)) == (403, True)
    smuggled = browser.post(ONLY_FORMS, {"text": WORDS}, headers={"origin": "https://example.org"})
    assert (smuggled.status_code, WORDS in words_of(smuggled)) == (403, False)
