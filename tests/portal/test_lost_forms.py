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
