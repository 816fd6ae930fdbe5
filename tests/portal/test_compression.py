"""Pages come compressed, and what must not be comes as it is."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.compression import CompressPagesMiddleware
from tests.cast import Cast

PACKED = {"Accept-Encoding": "gzip"}
WORDS = b"<p>Det er mange ord, og de samme ordene igjen.</p>" * 100


def test_a_page_is_compressed_for_a_browser_that_asks_for_it(db: None) -> None:
    plain = Client().get(reverse("accessibility"))
    packed = Client().get(reverse("accessibility"), headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"<h1" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain.headers


def test_the_length_of_a_page_is_not_the_same_twice(db: None) -> None:
    """Padded at random, so that guesses at a secret in the page cannot be told by their length."""
    lengths = {
        len(Client().get(reverse("accessibility"), headers=PACKED).content) for _number in range(20)
    }
    assert len(lengths) > 5


def test_the_token_of_a_form_is_never_written_the_same_twice(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.leader)
    tokens = {str(browser.get(reverse("home")).context["csrf_token"]) for _number in range(3)}
    assert len(tokens) == 3


def even(response: HttpResponse) -> HttpResponse:
    response.keeps_length = True  # type: ignore[attr-defined]
    return response


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(WORDS, content_type="application/pdf"),
        HttpResponse(WORDS, content_type="text/calendar; charset=utf-8", headers={"ETag": '"a"'}),
        StreamingHttpResponse([WORDS], content_type="text/html"),
        even(HttpResponse(WORDS)),
    ],
    ids=["a file", "a calendar", "a stream", "a page of one length"],
)
def test_what_is_no_page_stays_as_it_is(response: HttpResponse) -> None:
    before = dict(response.headers)
    request = RequestFactory().get("/", headers=PACKED)
    answer = CompressPagesMiddleware(lambda _request: response)(request)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers.get("ETag") == before.get("ETag")


def test_control_a_page_of_any_length_is_compressed() -> None:
    request = RequestFactory().get("/", headers=PACKED)
    answer = CompressPagesMiddleware(lambda _request: HttpResponse(WORDS))(request)
    assert answer.headers["Content-Encoding"] == "gzip"
