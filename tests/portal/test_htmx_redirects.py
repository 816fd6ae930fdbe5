"""Where htmx is sent elsewhere, the window goes there: no page ends in a part of another."""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_seminar

LIST = "http://testserver/seminarer/7/deltakere/?page=2"
HTMX = {"HX-Request": "true", "HX-Current-URL": LIST, "Sec-Fetch-Dest": "empty"}
LOST = "Du var logget ut, så det du sendte, ble ikke lagret."


def test_whose_session_is_gone_signs_in_and_comes_back_to_the_page(
    client: Client, cast: Cast
) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    (row,) = make_participants(seminar, cast.unit, 1)
    url = reverse("attendance:mark", args=[seminar.pk])
    answer = client.post(url, {f"outcome-{row.pk}": "attended"}, headers=HTMX)
    assert (answer.status_code, answer.content) == (200, b"")
    sign_in = answer.headers["HX-Redirect"]
    assert sign_in == "/konto/logg-inn/?next=/seminarer/7/deltakere/%3Fpage%3D2"
    assert LOST in client.get(sign_in).content.decode()


def test_a_part_that_is_fetched_without_a_session_leads_to_signing_in(
    client: Client, cast: Cast
) -> None:
    answer = client.get(reverse("seminars:list"), headers=HTMX)
    sign_in = answer.headers["HX-Redirect"]
    assert sign_in == "/konto/logg-inn/?next=/seminarer/7/deltakere/%3Fpage%3D2"
    assert LOST not in client.get(sign_in).content.decode()


@pytest.mark.parametrize("came_from", ["https://example.org/x", ""])
def test_a_page_that_is_not_ours_is_not_come_back_to(
    client: Client, cast: Cast, came_from: str
) -> None:
    headers = HTMX | {"HX-Current-URL": came_from}
    answer = client.get(reverse("seminars:list"), headers=headers)
    assert answer.headers["HX-Redirect"] == "/konto/logg-inn/?next=/"


def test_other_redirects_are_the_window_s_too(client: Client, leader: User) -> None:
    client.force_login(leader)
    answer = client.post(reverse("outbox:reminders"), {"wanted": "no"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/brev/")


def test_a_browser_is_redirected_as_ever(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("seminars:list"))
    assert answer.status_code == 302
    assert "HX-Redirect" not in answer.headers
